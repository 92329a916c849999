//! Each rule can fail: the template with one line spoiled gives a new finding of that rule.

use super::read::{self, Template};
use super::{Finding, findings};

/// Rule, what the template says, what it says after the change.
const MUTANTS: &[(u8, &str, &str)] = &[
    (1, "DisableExecuteApiEndpoint: true", "DisableExecuteApiEndpoint: false"),
    (2, "          TruststoreVersion: !Ref TruststoreVersion\n", ""),
    (2, "TruststoreUri: !Ref TruststoreUri", "Truststore: none"),
    (2, "TruststoreUri: !Ref ManagementTruststoreUri", "TruststoreUri: !Ref TruststoreUri"),
    (2, "            ApiId: !Ref ManagementApi\n", "            ApiId: !Ref MtlsApi\n"),
    (2, "            ApiId: !Ref PublicApi\n", "            ApiId: !Ref ManagementApi\n"),
    (3, "SecurityPolicy: TLS_1_2", "SecurityPolicy: TLS_1_0"),
    (3, "EndpointConfiguration: REGIONAL", "EndpointConfiguration: EDGE"),
    (5, "$context.requestTime", "$context.authorizer.error"),
    (5, "\"certSerial\":\"$context.identity.clientCert.serialNumber\",", ""),
    (6, "Action: [sqs:SendMessage]", "Action: [sqs:*]"),
    (6, "Resource: !GetAtt PcmQueue.Arn\n            - Effect", "Resource: \"*\"\n            - Effect"),
    (6, "          PCM_QUEUE_URL: !Ref PcmQueue\n", ""),
    (6, "                - !Ref SigningKeySecret\n", ""),
    (6, "Resource: !Ref InstitutionFunctionArn", "Resource: !GetAtt OauthFunction.Arn"),
    (6, "Action: [lambda:InvokeFunction]", "Action: [lambda:GetFunction]"),
    (6, APPENDS_TO_THE_AUDIT, CHANGES_THE_AUDIT),
    (6, APPENDS_ORDERS, READS_THE_AUDIT),
    (6, READS_TO_SEAL, WRITES_TO_SEAL),
    (
        6,
        "[dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem]\n              Resource: !GetAtt SealsTable",
        DELETES_SEALS,
    ),
    (6, APPENDS_TO_THE_AUDIT, WRITES_SEALS),
    (6, LOOKS_KEYS_UP, MAKES_KEYS),
    (6, READS_THE_BLOCK_LIST, WRITES_THE_BLOCK_LIST),
    (6, DECIDES_ON_PAYMENTS, CHANGES_PAYMENTS),
    (6, READS_PAYMENT_CONSENTS, WRITES_PAYMENT_CONSENTS),
    (6, "Resource: !Ref PaymentConnectorFunctionArn", "Resource: !Ref InstitutionFunctionArn"),
    (
        6,
        "      Policies:\n        - Version",
        "      Policies:\n        - AmazonDynamoDBFullAccess\n        - Version",
    ),
    (7, "EnableKeyRotation: true", "EnableKeyRotation: false"),
    (7, "        KMSMasterKeyId: !GetAtt DataKey.Arn\n", ""),
    (7, "      KmsMasterKeyId: !Ref DataKey\n", ""),
    (
        7,
        "      Description: Signing key of the authorization server\n      KmsKeyId: !GetAtt DataKey.Arn\n",
        "",
    ),
    (7, "      RetentionInDays: 90\n      KmsKeyId: !GetAtt DataKey.Arn\n", "      RetentionInDays: 90\n"),
    (7, "AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root", "AWS: \"*\""),
    (8, "PointInTimeRecoveryEnabled: true", "PointInTimeRecoveryEnabled: false"),
    (8, "DeletionProtectionEnabled: true", "DeletionProtectionEnabled: false"),
    (8, "    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n", "    Type: AWS::DynamoDB::Table\n"),
    (8, KEPT_SECRET, "    Type: AWS::SecretsManager::Secret\n    UpdateReplacePolicy: Retain\n"),
    (8, KEPT_SECRET, "    Type: AWS::SecretsManager::Secret\n    DeletionPolicy: Retain\n"),
    (8, "        PasswordLength: 64\n", "        PasswordLength: 32\n"),
    (8, "  PcmPepperSecret:\n", "  ReportPepperSecret:\n"),
    (8, "      Description: Public keys", "      GenerateSecretString: {}\n      Description: Public keys"),
    (9, "MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 345600"),
    (9, "deadLetterTargetArn: !GetAtt PcmDeadLetters.Arn", "deadLetterTargetArn: nowhere"),
    (9, "aws:SecureTransport: \"false\"", "aws:SecureTransport: \"true\""),
    (10, "            FunctionResponseTypes: [ReportBatchItemFailures]\n", ""),
    (10, "MaximumConcurrency: 5", "MaximumConcurrency: ~"),
    (10, "MaximumConcurrency: !Ref PaymentWorkers", "MaximumConcurrency: !Ref PaymentRules"),
    (10, "VisibilityTimeout: 168", "VisibilityTimeout: 167"),
    (10, "          PCM_DEAD_LETTERS_URL: !Ref PcmDeadLetters\n", ""),
    (10, "          OPERATOR_DEAD_LETTERS_URL: !Ref StockOperatorDeadLetters\n", ""),
    (11, "    Timeout: 28", "    Timeout: 29"),
    (12, "Arn: !GetAtt ScheduleDeadLetters.Arn", "Arn: nowhere"),
    (12, "              MaximumRetryAttempts: 2\n", ""),
    (12, "        MaximumRetryAttempts: 0\n", ""),
    (12, "        MaximumEventAgeInSeconds: 60\n", ""),
    (12, "              MaximumEventAgeInSeconds: 60\n", "              MaximumEventAgeInSeconds: 90\n"),
    (13, "PCM_CLIENT_ID: !Ref PcmClientId", "PCM_PASSWORD: !Ref PcmClientId"),
    (13, "PCM_CLIENT_ID: !Ref PcmClientId", "PCM_CLIENT_ID: \"{{resolve:secretsmanager:x}}\""),
    (14, "/lambda/pcm\n", "/lambda/pcm\n      FunctionUrlConfig: {AuthType: NONE}\n"),
    (16, "      RetentionInDays: 90\n", ""),
    (17, "MetricName: ApproximateNumberOfMessagesVisible", "MetricName: NumberOfMessagesSent"),
    (17, "      LogGroupName: !Ref PcmLog\n", "      LogGroupName: !Ref DataLog\n"),
    (17, "$.fields.alarm", "$.fields.level"),
    (
        17,
        "LogGroupName: !Ref StockLog\n      FilterPattern: '{ $.fields.alarm",
        "LogGroupName: !Ref StockLog\n      FilterPattern: '{ $.fields.level",
    ),
    (17, "{ $.fields.alarm = \"payment-books\" }", "{ $.fields.alarm = \"books\" }"),
    (17, "$.fields.unreadable", "$.fields.level"),
    (17, "      Namespace: !Ref AWS::StackName\n", "      Namespace: Elsewhere\n"),
    (17, "          Value: !Ref ConsentsFunction\n", "          Value: !Ref DataFunction\n"),
    (17, "          Value: !Ref ManagementApi\n", "          Value: !Ref MtlsApi\n"),
    (17, "      AlarmActions: !If [HasAlarmTopic, [!Ref AlarmTopicArn], !Ref \"AWS::NoValue\"]\n", ""),
    (17, "[!Equals [!Ref AlarmTopicArn, \"\"]]", "[!Equals [!Ref AlarmTopicArn, none]]"),
    (17, "      Threshold: 15\n", "      Threshold: 14\n"),
    (17, "          Value: !Ref MtlsCertificateArn\n", "          Value: !Ref PublicCertificateArn\n"),
    (17, "MetricValue: $.fields.certificate_days_left", "MetricValue: \"1\""),
    (17, "LessThanOrEqualToThreshold", "GreaterThanThreshold"),
    (17, "MetricName: OutboxAge\n          MetricValue", "MetricName: Age\n          MetricValue"),
    (17, "      TreatMissingData: breaching\n", "      TreatMissingData: notBreaching\n"),
    (17, "MetricName: AuditFaults\n          MetricValue", "MetricName: Audit\n          MetricValue"),
    (17, "$.fields.unread_key_set", "$.fields.key_set"),
    (17, "MetricValue: $.fields.crowded_block_list", "MetricValue: \"1\""),
    (17, "$.fields.lost_report", "$.fields.report"),
    (17, "$.fields.uncounted", "$.fields.counted"),
    (17, "          Value: !Ref AuthorizeFunction\n", "          Value: !Ref DataFunction\n"),
    (17, "MetricName: ConcurrentExecutions\n        - Id", "MetricName: Invocations\n        - Id"),
    (17, "($.status = \"429\") && ($.certSerial NOT", "($.status = \"503\") && ($.certSerial NOT"),
    (19, "Runtime: provided.al2023", "Runtime: provided.al2"),
    (62, "          ThrottlingRateLimit: 1000\n", "          ThrottlingRateLimit: 299\n"),
    (62, "          ThrottlingBurstLimit: 2500\n", "          ThrottlingBurstLimit: 299\n"),
    (62, "        ThrottlingRateLimit: 300\n", ""),
    (62, "            Path: /auth/jwks\n", "            Path: /auth/keys\n"),
    (62, "            Path: /auth/handoff/{code}\n", "            Path: /auth/codes/{proxy+}\n"),
    (62, "        \"ANY /api/{proxy+}\":\n", "        \"ANY /api2/{proxy+}\":\n"),
    (
        18,
        "!If [HasDataConcurrency, !Ref DataConcurrency, ",
        "!If [HasDataConcurrency, !Ref OauthConcurrency, ",
    ),
    (
        18,
        "  OauthConcurrency:\n    Type: String\n    Default: \"\"\n",
        "  OauthConcurrency:\n    Type: String\n    Default: \"10\"\n",
    ),
    (
        18,
        "      ReservedConcurrentExecutions: !If [HasChannelConcurrency, !Ref ChannelConcurrency, !Ref \"AWS::NoValue\"]\n",
        "",
    ),
];

const KEPT_SECRET: &str =
    "    Type: AWS::SecretsManager::Secret\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n";

const APPENDS_TO_THE_AUDIT: &str = "\
              Action: [dynamodb:PutItem]
              Resource:
                - !GetAtt OutboxTable.Arn
                - !GetAtt AuditTable.Arn
";
const CHANGES_THE_AUDIT: &str = "\
              Action: [dynamodb:PutItem, dynamodb:UpdateItem]
              Resource:
                - !GetAtt OutboxTable.Arn
                - !GetAtt AuditTable.Arn
";

const WRITES_SEALS: &str = "\
              Action: [dynamodb:PutItem]
              Resource:
                - !GetAtt OutboxTable.Arn
                - !GetAtt SealsTable.Arn
";
const DELETES_SEALS: &str =
    "[dynamodb:GetItem, dynamodb:DeleteItem]\n              Resource: !GetAtt SealsTable";
const READS_TO_SEAL: &str = "\
          Statement:
            - Effect: Allow
              Action: [dynamodb:Query]
              Resource: !GetAtt AuditTable.Arn
";
const WRITES_TO_SEAL: &str = "\
          Statement:
            - Effect: Allow
              Action: [dynamodb:Query, dynamodb:PutItem]
              Resource: !GetAtt AuditTable.Arn
";
const APPENDS_ORDERS: &str = "\
            # What operators order.
            - Effect: Allow
              Action: [dynamodb:PutItem]
              Resource: !GetAtt AuditTable.Arn
";
const READS_THE_AUDIT: &str = "\
            - Effect: Allow
              Action: [dynamodb:Query]
              Resource: !GetAtt AuditTable.Arn
";
const LOOKS_KEYS_UP: &str = "\
              Action: [dynamodb:GetItem]
              Resource: !GetAtt ApiKeysTable.Arn
";
const READS_THE_BLOCK_LIST: &str = "\
              Action: [dynamodb:Query]
              Resource: !GetAtt BlockListTable.Arn
";
const WRITES_THE_BLOCK_LIST: &str = "\
              Action: [dynamodb:Query, dynamodb:DeleteItem]
              Resource: !GetAtt BlockListTable.Arn
";
const READS_PAYMENT_CONSENTS: &str = "\
                Action: [dynamodb:GetItem]
                Resource: !GetAtt PaymentConsentsTable.Arn
";
const WRITES_PAYMENT_CONSENTS: &str = "\
                Action: [dynamodb:GetItem, dynamodb:PutItem]
                Resource: !GetAtt PaymentConsentsTable.Arn
";
const DECIDES_ON_PAYMENTS: &str = "\
                Action: [dynamodb:GetItem, dynamodb:PutItem]
                Resource: !GetAtt PaymentConsentsTable.Arn
";
const CHANGES_PAYMENTS: &str = "\
                Action: [dynamodb:GetItem, dynamodb:PutItem]
                Resource: !GetAtt PaymentsTable.Arn
";
const MAKES_KEYS: &str = "\
              Action: [dynamodb:GetItem, dynamodb:PutItem]
              Resource: !GetAtt ApiKeysTable.Arn
";

#[test]
fn each_rule_finds_its_fault() {
    let text = read::text();
    let before = findings(&Template::read(&text));
    for &(rule, good, bad) in MUTANTS {
        let spoiled = text.replacen(good, bad, 1);
        assert_ne!(spoiled, text, "rule {rule}: the template no longer says `{good}`");
        let after = findings(&Template::read(&spoiled));
        let news: Vec<&Finding> = after.iter().filter(|finding| !before.contains(finding)).collect();
        assert!(
            news.iter().any(|finding| finding.rule == rule),
            "rule {rule} misses `{bad}`, found {news:?}"
        );
    }
}
