package io.claviger.console.gateway;

import io.claviger.domain.formats.ClientExample;
import io.claviger.domain.standards.WireFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts to paste into clients. The texts depend on the API format of the service.
 *
 * @param url the address of the service at the gateway
 * @param model the name by which the provider knows the model
 * @param embeds whether the model computes embeddings
 */
record Snippets(String url, String model, boolean embeds) {
  private static final Pattern PLACE = Pattern.compile("<url>|<model>|<prefixed model>");

  List<Snippet> of(WireFormat format) {
    return format.api().examples(embeds).stream()
        .filter(example -> example.takes(model))
        .map(example -> new Snippet(example.id(), example.client(), example.file(), text(example)))
        .toList();
  }

  private String text(ClientExample example) {
    return switch (example.syntax()) {
      case CURL ->
          "curl "
              + Quoted.shell(url + example.path().replace("<model segment>", segment()))
              + " \\\n  -H \"Authorization: Bearer $GATEWAY_TOKEN\""
              + example.headers()
              + " \\\n  -H 'Content-Type: application/json' \\\n  -d "
              + Quoted.shell(filled(example.text(), url, Quoted::code));
      case CODE -> filled(example.text(), url, Quoted::code);
      case SHELL -> filled(example.text(), Quoted.shell(url), Quoted::shell);
    };
  }

  private String segment() {
    return URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Fills in all placeholders of a template in one step, because a model's name can be any text,
   * even one that looks like a placeholder.
   */
  private String filled(String template, String address, UnaryOperator<String> quoted) {
    return PLACE
        .matcher(template)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    switch (place.group()) {
                      case "<url>" -> address;
                      case "<model>" -> quoted.apply(model);
                      default -> quoted.apply("claviger/" + model);
                    }));
  }

  /**
   * Writes a text as a literal in the language of the client's settings, shell or program. People
   * choose the names of models, so a name must never be executed as part of a command.
   */
  static final class Quoted {
    private Quoted() {}

    /** Returns a literal in which a POSIX shell expands nothing. */
    static String shell(String text) {
      return "'" + text.replace("'", "'\\''") + "'";
    }

    /** Returns a literal that stands for the text in JSON, TOML, Java, JavaScript and Python. */
    static String code(String text) {
      StringBuilder literal = new StringBuilder("\"");
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '"' || c == '\\') {
          literal.append('\\').append(c);
        } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
          literal.append(String.format("\\u%04x", (int) c));
        } else {
          literal.append(c);
        }
      }
      return literal.append('"').toString();
    }
  }
}
