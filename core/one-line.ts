/** Signs that turn the direction of all that follows them; what a script needs by itself stays. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
/** Control characters could drive a terminal, and lines begin anew at more than one of them. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** What others wrote without the signs that turn the direction of all that follows, so that it cannot show as other than it is. */
export function withoutTurns(text: string): string {
  return text.replace(TURNING, "");
}

/** What others wrote as one line for a terminal, which it cannot drive. */
export function oneLine(text: string): string {
  return withoutTurns(text).replace(CONTROLS, " ");
}
