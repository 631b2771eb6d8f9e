/** The API's reference: wiring. Needs nobody signed in: the document is open. */
import { render } from "preact";
import { kept } from "../platform/browser.ts";
import { ask } from "../platform/http.ts";
import type { OpenApiDocument } from "./document.ts";
import { Reference } from "./reference.tsx";

const root = document.getElementById("page");
const load = () => ask<OpenApiDocument>({ method: "GET", path: "/openapi.json" }).then(({ body }) => body);
if (root) render(<Reference load={load} keep={kept} />, root);
