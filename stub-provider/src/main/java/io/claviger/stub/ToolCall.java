package io.claviger.stub;

/**
 * The call of a tool with which the stub answers a request.
 *
 * @param name the name of the called tool, which the request offers
 * @param arguments a JSON object; if the tool is {@code freeform}, the text itself
 * @param freeform whether the tool accepts a text instead of JSON, like the custom tools of {@code
 *     responses}
 */
record ToolCall(String name, String arguments, boolean freeform) {}
