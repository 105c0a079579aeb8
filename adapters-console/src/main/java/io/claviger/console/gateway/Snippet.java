package io.claviger.console.gateway;

/**
 * A text that the user can paste into the settings of one client.
 *
 * @param id the id of the page's element whose text is copied
 * @param client the name of the client
 * @param file the file into which the text is pasted, such as {@code ~/.codex/config.toml}; empty
 *     if it is pasted into a shell or a program
 */
public record Snippet(String id, String client, String file, String text) {}
