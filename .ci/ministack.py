"""Deploys infra/template.yaml with the real function binaries into an emulator that is not ours, and calls each function.

It proves the template and the binaries outside `ponte`: `sam deploy` with a section of samconfig.toml, secrets put as
docs/deploy.md says, one event of events/ per trigger, a known answer for each. Run by .ci/run after .ci/package.

usage: .venv/ministack/bin/python .ci/ministack.py
"""

import base64
import datetime
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.request

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAM = ROOT / ".venv/lint/bin/sam"
CONFIG_ENV = "exemplo-homologacao"
STACK = "ponte-exemplo-homologacao"
REGION = "sa-east-1"
START_SECONDS = 60
KID = "ci-key"
# As in samconfig.toml.
ORGANISATION = "3c3dbd3a-1c43-5f35-8a3e-0d4a7a1a9f01"
MTLS_HOST = "mtls.homologacao.exemplo.example"
MANAGEMENT_HOST = "gestao.homologacao.exemplo.example"
ORGANISATION_IDENTIFIER = x509.ObjectIdentifier("2.5.4.97")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def environment(port: int, work: pathlib.Path) -> dict:
    """What emulator, sam and clients share. Functions get AWS_ENDPOINT_URL only if the emulator itself has it."""
    return {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        # It listens on every address and on 8883 unless told otherwise.
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "S3_DATA_DIR": str(work / "s3"),
        "TMPDIR": str(work),
        "SAM_CLI_TELEMETRY": "0",
    }


def wait_until_healthy(emulator: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if emulator.poll() is not None:
            raise SystemExit(f"the emulator ended with {emulator.returncode}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=2).read()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"the emulator did not answer within {START_SECONDS} s")


def rsa_key() -> tuple:
    """A fresh key and its PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return key, pem


def self_signed(key, names: list) -> str:
    """A client certificate with this subject, PEM."""
    name = x509.Name(names)
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def client_certificate(common_name: str) -> str:
    """What the gateway would pass on of a caller of the management host."""
    key, _ = rsa_key()
    return self_signed(key, [x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def secrets() -> dict:
    """A value for every secret of the template, by logical id. The formats are in the template's comments."""
    key, pem = rsa_key()
    _, decryption_pem = rsa_key()
    numbers = key.public_key().public_numbers()

    def base64url(number: int) -> str:
        data = number.to_bytes((number.bit_length() + 7) // 8, "big")
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    jwk = {"kty": "RSA", "use": "sig", "alg": "PS256", "kid": KID, "n": base64url(numbers.n), "e": base64url(numbers.e)}
    # The certificate must be of the organisation of samconfig.toml, or the function refuses it.
    organisation = x509.NameAttribute(ORGANISATION_IDENTIFIER, f"OFBBR-{ORGANISATION}")
    chain = self_signed(key, [x509.NameAttribute(NameOID.COMMON_NAME, "exemplo.example"), organisation])
    return {
        "SigningKeySecret": json.dumps({"kid": KID, "private_key": pem}),
        "TokenKeysSecret": json.dumps({"keys": [jwk]}),
        "IssuersSecret": "none",
        "DecryptionKeySecret": json.dumps({"kid": f"{KID}-enc", "private_key": decryption_pem}),
        "PseudonymKeySecret": os.urandom(32).hex(),
        "PcmPepperSecret": os.urandom(32).hex(),
        "InstitutionCredentialSecret": "ci-credential",
        "InstitutionTlsSecret": "none",
        "TransportCertificateSecret": json.dumps({"certificate": chain, "private_key": pem}),
    }


def event(name: str) -> dict:
    """An event of events/ as of now: a function whose clock is ahead of its event does no work."""
    sent = json.loads((ROOT / f"events/{name}.json").read_text())
    now = datetime.datetime.now(datetime.timezone.utc)
    millis = int(now.timestamp() * 1000)
    if "time" in sent:
        sent["time"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    if "requestContext" in sent:
        sent["requestContext"]["timeEpoch"] = millis
    for record in sent.get("Records", []):
        record["attributes"]["SentTimestamp"] = record["attributes"]["ApproximateFirstReceiveTimestamp"] = str(millis)
    return sent


def get(path: str) -> dict:
    """events/http.json as a call of another path."""
    call = event("http")
    call["rawPath"] = call["requestContext"]["http"]["path"] = path
    return call


class Stack:
    """The deployed stack, by logical ids."""

    def __init__(self) -> None:
        resources = boto3.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        self.names = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
        self.lambdas = boto3.client("lambda")

    def invoke(self, function: str, payload: dict):
        answer = self.lambdas.invoke(FunctionName=self.names[function], Payload=json.dumps(payload))
        text = answer["Payload"].read().decode()
        if answer.get("FunctionError"):
            raise SystemExit(f"{function} failed: {text}")
        return json.loads(text) if text else None

    def want_http(self, function: str, call: dict, status: int, holds) -> None:
        answer = self.invoke(function, call)
        # The emulator answers 200 with a text of its own when a function has no code: only a known body counts.
        body = json.loads(answer["body"])
        if answer["statusCode"] != status or not holds(body):
            raise SystemExit(f"{function}: wanted {status}, got {answer}")
        print(f"  {function}: GET {call['rawPath']} -> {status}")


def refused(code: str):
    return lambda body: body["errors"][0]["code"] == code and "requestDateTime" in body["meta"]


def managed(stack: Stack) -> None:
    """A key by the operator's command, then the management API with it and without."""
    key = stack.invoke("OauthFunction", event("api-key-issue"))
    listed = stack.invoke("OauthFunction", event("api-key-list"))["keys"]
    if [one["id"] for one in listed] != [key["id"]] or "key" in listed[0]:
        raise SystemExit("OauthFunction: the list is not the one key that was issued, without its text")
    print(f"  OauthFunction: issued and listed a key for {key['caller']}")
    call = event("management")
    call["headers"]["host"] = call["requestContext"]["domainName"] = MANAGEMENT_HOST
    call["requestContext"]["authentication"]["clientCert"]["clientCertPem"] = client_certificate(key["caller"])
    stack.want_http("ConsentsFunction", call, 401, refused("NAO_AUTORIZADO"))
    call["headers"]["x-api-key"] = key["key"]
    stack.want_http("ConsentsFunction", call, 200, lambda body: body["data"] == [])
    # The route exists on the management host only.
    call["headers"]["host"] = call["requestContext"]["domainName"] = MTLS_HOST
    stack.want_http("ConsentsFunction", call, 404, refused("NAO_ENCONTRADO"))


def check(stack: Stack) -> None:
    public = "https://auth.homologacao.exemplo.example"
    stack.want_http(
        "AuthorizeFunction", get("/.well-known/openid-configuration"), 200, lambda body: body["issuer"] == public
    )
    stack.want_http("AuthorizeFunction", get("/auth/jwks"), 200, lambda body: body["keys"][0]["kid"] == KID)
    stack.want_http("DataFunction", event("http"), 401, refused("NAO_AUTORIZADO"))
    stack.want_http("DataFunction", get("/open-banking/nothing/v1/here"), 404, refused("NAO_ENCONTRADO"))
    consent = "/open-banking/consents/v3/consents/urn:exemplo:0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01"
    stack.want_http("ConsentsFunction", get(consent), 401, refused("NAO_AUTORIZADO"))
    interaction = "/api/banco/consents/v1/interactions/0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01"
    stack.want_http("ChannelFunction", get(interaction), 404, refused("NAO_ENCONTRADO"))
    if stack.invoke("ConsentsFunction", event("schedule-expiry")) is not None:
        raise SystemExit("ConsentsFunction: a sweep answers nothing")
    print("  ConsentsFunction: the sweep of what time ended ran")
    if stack.invoke("AuditFunction", event("schedule-seal")) is not None:
        raise SystemExit("AuditFunction: a sweep answers nothing")
    if stack.invoke("AuditFunction", event("audit-prove"))["findings"]:
        raise SystemExit("AuditFunction: found faults on a day without rows")
    print("  AuditFunction: sealed what there is and proved a day")
    managed(stack)
    if stack.invoke("StockFunction", event("schedule-stock")) is not None:
        raise SystemExit("StockFunction: a count answers nothing")
    rows = boto3.client("dynamodb").scan(TableName=stack.names["OutboxTable"])["Items"]
    if not any(row.get("path", {}).get("S", "").endswith("/consents/stock") for row in rows):
        raise SystemExit(f"StockFunction: wanted a report of the stock, found {rows}")
    print("  StockFunction: the stock was taken")
    if stack.invoke("PcmFunction", event("schedule-sweep")) is not None:
        raise SystemExit("PcmFunction: a sweep answers nothing")
    print("  PcmFunction: the sweep ran")
    answer = stack.invoke("PcmFunction", event("queue"))
    if answer != {"batchItemFailures": []}:
        raise SystemExit(f"PcmFunction: wanted no failures, got {answer}")
    print("  PcmFunction: a ticket over an empty range is done")


def without_metric_math() -> pathlib.Path:
    """A copy of the template beside target/lambda without the alarms over several metrics, which the emulator does not know."""
    blocks = re.split(r"(?m)^(?=  \w+:$)", (ROOT / "infra/template.yaml").read_text())
    is_math = re.compile(r"    Type: AWS::CloudWatch::Alarm\n.*^      Metrics:$", re.DOTALL | re.MULTILINE)
    kept = [block for block in blocks if not is_math.search(block)]
    copy = ROOT / "target/template.yaml"
    copy.write_text("".join(kept))
    print(f"  {len(blocks) - len(kept)} alarms over several metrics are left out: the emulator does not know them")
    return copy


def main() -> None:
    work = ROOT / "target/ministack"
    work.mkdir(parents=True, exist_ok=True)
    port = free_port()
    variables = environment(port, work)
    os.environ.update(variables)
    with open(work / "ministack.log", "wb") as log:
        emulator = subprocess.Popen(
            [sys.executable, "-m", "ministack"], env=variables, stdout=log, stderr=log, cwd=work
        )
    try:
        wait_until_healthy(emulator, port)
        with open(work / "sam.log", "wb") as log:
            template = ["--template-file", without_metric_math(), "--config-file", ROOT / "samconfig.toml"]
            deployed = subprocess.run(
                [SAM, "deploy", "--config-env", CONFIG_ENV, "--no-progressbar", *template],
                cwd=ROOT, stdout=log, stderr=log,
            )
        if deployed.returncode != 0:
            raise SystemExit("sam deploy failed:\n" + (work / "sam.log").read_text()[-4000:])
        print(f"  {STACK} is deployed")
        stack = Stack()
        values = secrets()
        for logical_id, value in values.items():
            boto3.client("secretsmanager").put_secret_value(SecretId=stack.names[logical_id], SecretString=value)
        check(stack)
    finally:
        emulator.terminate()
        try:
            emulator.wait(10)
        except subprocess.TimeoutExpired:
            emulator.kill()


if __name__ == "__main__":
    main()
