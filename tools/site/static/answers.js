// What is typed as an answer, read as Python would: whole numbers (BigInt), floats, texts, True, False, and tuples and
// lists of them (arrays; `round` for a tuple). Besides, 3 x 3 is (3, 3), and 1,024 or 1 024 one number where one is asked.

const TOKENS = /\s*(?:(\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?|\.\d[\d_]*(?:e[+-]?\d+)?)|(True|False)\b|("[^"\\]*"|'[^'\\]*')|(\*\*|\/\/|[-+*\/()[\],x×])|$)/iy;
const GROUPS = /(?<![\d.,])[1-9]\d{0,2}(?:(?:,\d{3})+|(?:[ \u00a0\u2009\u202f]\d{3})+)(?![\d,]|[ \u00a0\u2009\u202f]\d)/g;
const LARGEST = 10n ** 50n;
const END = "end";

class Unreadable extends Error {}

const isNumber = (value) => typeof value === "bigint" || typeof value === "number";

/** A number as an answer may hold it, or Unreadable. */
const sound = (value) => {
  if (typeof value === "bigint" ? value > LARGEST || value < -LARGEST : Math.abs(value) === Infinity) {
    throw new Unreadable("The number is too large");
  }
  if (Number.isNaN(value)) throw new Unreadable("This is not a real number");
  return value;
};

/** A number's digits as Python reads them. */
const numeral = (text) => {
  const plain = text.replaceAll("_", "");
  if (/^0+[1-9]\d*$/.test(plain)) throw new Unreadable(`“${text}” begins with a 0`);
  return sound(/^\d+$/.test(plain) ? BigInt(plain) : Number(plain));
};

const tokens = (text) => {
  const found = [];
  for (TOKENS.lastIndex = 0; ; ) {
    const start = TOKENS.lastIndex, match = TOKENS.exec(text);
    if (!match) {
      const rest = text.slice(start).trim(), word = /^(?:\p{L}[\p{L}²³]*|%|°)/u.exec(rest);
      throw new Unreadable(word ? `“${word[0]}” cannot be read here; leave words and units out` : `“${rest[0]}” cannot be read here`);
    }
    const [, number, truth, quoted, sign] = match;
    if (number !== undefined) found.push({ value: numeral(number) });
    else if (truth) found.push({ value: truth.toLowerCase() === "true" });
    else if (quoted) found.push({ value: quoted.slice(1, -1) });
    else if (sign) found.push({ sign: /[x×]/i.test(sign) ? "," : sign });
    else return found;
  }
};

const power = (a, b) => {
  if (typeof a !== "bigint" || typeof b !== "bigint" || b < 0n) {
    if (Number(a) === 0 && Number(b) < 0) throw new Unreadable("This divides by zero");
    return Number(a) ** Number(b);
  }
  if (b > 400n && a * a > 1n) throw new Unreadable("The number is too large");
  return a ** b;
};

const WORK = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => Number(a) / Number(b),
  "//": (a, b) => (typeof a === "bigint" ? (a - (((a % b) + b) % b)) / b : Math.floor(a / b)),
  "**": power,
};

const worked = (sign, a, b) => {
  if (!isNumber(a) || !isNumber(b)) throw new Unreadable(`“${sign}” stands between two numbers`);
  if (sign[0] === "/" && Number(b) === 0) throw new Unreadable("This divides by zero");
  const both = typeof a === "bigint" && typeof b === "bigint";
  return sound(both || sign === "**" ? WORK[sign](a, b) : WORK[sign](Number(a), Number(b)));
};

/** The value of a text, or undefined for no answer. `single` says that one number is asked for. */
const read = (text, single) => {
  let plain = text.trim().replace(/^[a-z_]\w*\s*=(?!=)/i, "").replaceAll("−", "-");
  if (single) plain = plain.replace(GROUPS, (number) => number.replace(/\D/g, ""));
  if (single && /^[-+]?\d+,\d+$/.test(plain)) throw new Unreadable("A decimal number has a point here, as in 0.5");
  if (/^\s*(None|\.\.\.|…)?\s*$/.test(plain)) return undefined;
  if (/(?<!\d)0[xob]/i.test(plain)) throw new Unreadable("“0x” cannot be read here");
  const list = tokens(plain);
  let next = 0, depth = 0;
  const is = (...signs) => next < list.length && signs.includes(list[next].sign);

  const misplaced = (sign) => new Unreadable(`“${sign}” stands at the wrong place`);
  const several = (closing, round) => {
    const values = [];
    let comma = false;
    while (next < list.length && !is(closing)) {
      const { sign } = list[next];
      if (values.length && !comma) throw sign ? misplaced(sign) : new Unreadable("A comma is missing between two values");
      values.push(sum());
      comma = is(",");
      if (comma) next += 1;
    }
    if (closing !== END && !is(closing)) throw new Unreadable("A bracket is not closed");
    next += 1;
    return round && values.length === 1 && !comma ? values[0] : Object.assign(values, { round });
  };
  const atom = () => {
    if (next >= list.length) throw new Unreadable("Something is missing at the end");
    const { value, sign } = list[next++];
    if (sign === undefined) return value;
    if (sign !== "(" && sign !== "[") throw misplaced(sign);
    if (++depth > 8) throw new Unreadable("There are too many brackets");
    const inside = several(sign === "(" ? ")" : "]", sign === "(");
    depth -= 1;
    return inside;
  };
  const raised = () => {
    const base = atom();
    if (!is("**")) return base;
    next += 1;
    return worked("**", base, signed());
  };
  const signed = () => {
    if (!is("+", "-")) return raised();
    const { sign } = list[next++], value = signed();
    if (!isNumber(value)) throw new Unreadable(`“${sign}” stands before a number`);
    return sign === "-" ? -value : value;
  };
  const product = () => {
    let value = signed();
    while (is("*", "/", "//")) value = worked(list[next++].sign, value, signed());
    return value;
  };
  const sum = () => {
    let value = product();
    while (is("+", "-")) value = worked(list[next++].sign, value, product());
    return value;
  };
  return several(END, true);
};

/** A value as Python's repr shows it. */
const shown = (value) => {
  if (Array.isArray(value)) {
    const inside = value.map(shown).join(", ");
    return value.round ? `(${inside}${value.length === 1 ? "," : ""})` : `[${inside}]`;
  }
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return value.includes("'") ? `"${value}"` : `'${value}'`;
  return typeof value === "bigint" ? String(value) : float(value);
};

const float = (value) => {
  const [digits, exponent] = value.toExponential().split("e");
  if (exponent < -4 || exponent >= 16) return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  const plain = Object.is(value, -0) ? "-0" : value.toFixed(Math.max(0, digits.replace(/\D/g, "").length - 1 - exponent));
  return plain.includes(".") ? plain : `${plain}.0`;
};

/** Rows and columns of an answer, as NumPy's shape; null for rows of different lengths. */
const shape = (value) => {
  if (!Array.isArray(value)) return [];
  const inner = value.map(shape);
  return inner.some((one) => !one || String(one) !== String(inner[0])) ? null : [value.length, ...(inner[0] ?? [])];
};

/** What kind of answer a value is, in the words of the notebook's check. */
const kind = (value) => {
  if (typeof value === "boolean") return "True or False";
  if (isNumber(value)) return "a number";
  if (typeof value === "string") return "a text";
  const sizes = shape(value);
  if (!sizes) return "rows of different lengths";
  return sizes.length === 1 ? `${sizes[0]} ${sizes[0] === 1 ? "value" : "values"}` : `an array of shape (${sizes.join(", ")})`;
};
