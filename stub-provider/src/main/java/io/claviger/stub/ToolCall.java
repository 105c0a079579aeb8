package io.claviger.stub;

/**
 * The tool call with which the stub answers a request.
 *
 * @param name the name of the called tool, which the request offers
 * @param arguments a JSON object; for a freeform tool, the text itself
 * @param freeform whether the tool accepts a text instead of JSON, like custom tools of {@code
 *     responses}
 */
record ToolCall(String name, String arguments, boolean freeform) {}
