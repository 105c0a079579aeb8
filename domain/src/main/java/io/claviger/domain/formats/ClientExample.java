package io.claviger.domain.formats;

import java.util.regex.Pattern;

/**
 * A text that people paste into a client, with placeholders: {@code <url>} for the base URL, {@code
 * <model>} for the model's name, {@code <model segment>} for the name as a segment of a URL, and
 * {@code <prefixed model>} for {@code claviger/} and the name. The text never contains the access
 * token. Clients read the access token from the environment variable {@code GATEWAY_TOKEN}.
 *
 * @param id a word that is unique among the examples of the format
 * @param client the client's name
 * @param file the file into which the text has to be written, such as {@code ~/.codex/config.toml};
 *     empty if the text is meant for a shell or a program
 * @param path the path of a call with curl, below the base URL; empty if the client is not curl
 * @param headers additional arguments of curl, for headers; empty if the client is not curl
 * @param text the text with placeholders; for curl, it is the JSON body
 */
public record ClientExample(
    String id,
    String client,
    String file,
    Syntax syntax,
    String path,
    String headers,
    String text) {
  /**
   * Matches the names that may be filled in. {@code claviger connect} has the same rule. Names with
   * dollar signs and braces are not filled in. The reason is that some programs replace such names
   * in settings by the content of variables or files, and a model's name is chosen by its lender,
   * who might be hostile.
   */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@+~#,=()\\[\\] -]+");

  /** Whether the given name of a model can be filled in safely. */
  public boolean takes(String model) {
    return file.isEmpty() || NAME.matcher(model).matches();
  }

  /** The syntax of the text, which determines how values are quoted. */
  public enum Syntax {
    /** The text is the body of a call with curl. */
    CURL,
    /** The text is a program or a file. Values are quoted as strings. */
    CODE,
    /** The text is a shell command. Values are quoted as words of the shell. */
    SHELL
  }

  static ClientExample curl(String path, String json) {
    return curl(path, json, "");
  }

  static ClientExample curl(String path, String json, String headers) {
    return new ClientExample("curl", "curl", "", Syntax.CURL, path, headers, json);
  }

  static ClientExample code(String id, String client, String file, String template) {
    return new ClientExample(id, client, file, Syntax.CODE, "", "", template);
  }

  static ClientExample shell(String id, String client, String template) {
    return new ClientExample(id, client, "", Syntax.SHELL, "", "", template);
  }

  /**
   * @param type the LangChain4j class that the example builds
   * @param version the API version that LangChain4j needs at the end of the base URL
   */
  static ClientExample langChain4j(String type, String version) {
    return code(
        "langchain4j",
        "LangChain4j",
        "",
        type
            + ".builder().baseUrl(\"<url>"
            + version
            + "\").apiKey(System.getenv(\"GATEWAY_TOKEN\")).modelName(<model>).build()");
  }
}
