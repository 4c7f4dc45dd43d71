// What may stand at a place of a YAML file, by its JSON Schema: keys, and values where there are few.
"use strict";

(function () {
  // --- where the cursor is -----------------------------------------------------------------------

  const KEY = /^("[^"]*"|'[^']*'|[^\s#{}[\],:"'][^#{}[\],:]*)\s*:(?:\s|$)/;

  function bare(key) {
    return key.replace(/^["']|["']$/g, "").trim();
  }

  // The keys above a place, "-" for an item of a list; `key` is what a value belongs to, or null.
  function placeOf(text) {
    const lines = text.split("\n"), stack = [];
    let key = null;
    lines.forEach((line, at) => {
      const last = at === lines.length - 1;
      if (!last && (/^\s*(#|$)/.test(line))) return;
      let indent = line.search(/\S|$/), rest = line.slice(indent);
      while (stack.length && stack[stack.length - 1].indent >= indent) {
        if (stack[stack.length - 1].indent === indent && /^- /.test(rest) && stack[stack.length - 1].key !== "-") break;
        stack.pop();
      }
      while (/^- /.test(rest)) {
        stack.push({ indent, key: "-" });
        const more = 2 + rest.slice(2).search(/\S|$/);
        indent += more;
        rest = rest.slice(more);
      }
      const found = KEY.exec(rest);
      if (found) {
        stack.push({ indent, key: bare(found[1]) });
        rest = rest.slice(found[0].length);
      }
      if (last) key = inFlow(stack, rest, found ? bare(found[1]) : null);
    });
    return { path: stack.map((one) => one.key), key };
  }

  // Within { } and [ ] of one line: goes on with the stack, and tells the key of the value.
  function inFlow(stack, rest, key) {
    const open = [];
    let word = "", held = key, quote = "";
    for (const sign of rest) {
      if (quote) { if (sign === quote) quote = ""; word += sign; continue; }
      if (sign === '"' || sign === "'") { quote = sign; word += sign; continue; }
      if (sign === "{" || sign === "[") {
        open.push({ list: sign === "[", depth: stack.length });
        if (sign === "[") stack.push({ indent: 1e6, key: "-" });
        held = sign === "[" ? "-" : null; word = "";
      } else if (sign === "}" || sign === "]") {
        const closed = open.pop();
        if (closed) stack.length = closed.depth;
        held = "-"; word = "";
      } else if (sign === ",") {
        const top = open[open.length - 1];
        if (top && !top.list) { stack.length = top.depth; held = null; }
        word = "";
      } else if (sign === ":" && open.length && !open[open.length - 1].list && held === null) {
        held = bare(word); stack.push({ indent: 1e6, key: held }); word = "";
      } else word += sign;
    }
    return quote ? "" : held;
  }

  // --- what the schema says of it ----------------------------------------------------------------

  function plain(root, node, depth = 0) {
    if (!node || depth > 8) return [];
    if (node.$ref) {
      const named = node.$ref.replace(/^#\//, "").split("/").reduce((held, part) => held && held[part], root);
      return plain(root, named, depth + 1);
    }
    const several = node.anyOf || node.oneOf || node.allOf;
    return several ? several.flatMap((one) => plain(root, one, depth + 1)) : [node];
  }

  function nodesAt(root, path) {
    let nodes = plain(root, root);
    for (const key of path) {
      nodes = nodes.flatMap((node) => {
        if (key === "-") return plain(root, node.items);
        const own = node.properties && node.properties[key];
        const alike = Object.entries(node.patternProperties || {}).find(([named]) => new RegExp(named).test(key));
        const other = typeof node.additionalProperties === "object" ? node.additionalProperties : null;
        return plain(root, own || (alike && alike[1]) || other);
      });
    }
    return nodes;
  }

  function keysOf(nodes) {
    const found = new Map();
    for (const node of nodes) {
      for (const [name, one] of Object.entries(node.properties || {})) {
        found.set(name, { needed: (node.required || []).includes(name), told: one.description || "" });
      }
    }
    return found;
  }

  function valuesOf(nodes) {
    return nodes.flatMap((node) => {
      if (node.enum) return node.enum.map(String);
      if (node.const !== undefined) return [String(node.const)];
      return node.type === "boolean" ? ["true", "false"] : [];
    });
  }

  // For CodeMirror: `root` is the schema of the file.
  function completionOf(root) {
    return (context) => {
      const word = context.matchBefore(/[\w.-]*/);
      if (!word || (word.from === word.to && !context.explicit)) return null;
      const { path, key } = placeOf(context.state.sliceDoc(0, word.from));
      const nodes = nodesAt(root, path);
      if (key === null) {
        const options = Array.from(keysOf(nodes), ([label, one]) => ({
          label, type: "property", apply: label + ": ", detail: one.needed ? "*" : "", info: one.told || undefined,
          boost: one.needed ? 1 : 0,
        }));
        return options.length ? { from: word.from, options } : null;
      }
      const options = Array.from(new Set(valuesOf(nodes)), (label) => ({ label, type: "enum" }));
      return options.length ? { from: word.from, options } : null;
    };
  }

  window.schemaWords = { completionOf, placeOf };
})();
