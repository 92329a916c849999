// A line for each step on stdout; the first step that does not hold ends the program with exit code 1.

const say = (word, name, note) =>
  process.stdout.write(`${word.padEnd(8)}${name}${note ? `: ${note}` : ''}\n`);

/** Runs `work`, which gives `{ note, ...found }` or throws, and hands on what it found. */
export async function step(name, work) {
  try {
    const found = (await work()) ?? {};
    say('ok', name, found.note);
    return found;
  } catch (problem) {
    say('FAILED', name, words(problem));
    process.exit(1);
  }
}

/** A step that cannot be done here, and why. */
export const skip = (name, why) => say('skipped', name, why);

/** Throws `problem` unless `holds`. */
export function require(holds, problem) {
  if (!holds) throw new Error(problem);
}

/** What an error of openid-client, of TLS or of ours says, with the answer behind it. */
function words(problem) {
  const { response } = problem;
  const oauth = [problem.error, problem.error_description].filter(Boolean).join(', ');
  const parts = [oauth || problem.message || problem.code, response && `status ${response.statusCode}`];
  const body = response?.body && !oauth ? excerpt(response.body) : '';
  return [...parts, body].filter(Boolean).join('; ');
}

/** The beginning of a body, on one line. */
export const excerpt = (body) =>
  (Buffer.isBuffer(body) ? body.toString('utf8') : JSON.stringify(body)).replace(/\s+/g, ' ').slice(0, 300);
