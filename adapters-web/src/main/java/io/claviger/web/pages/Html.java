package io.claviger.web.pages;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A part of a page. Texts and attribute values are escaped when a part is created, so no part
 * contains markup from a user.
 */
final class Html {
  static final Html NOTHING = new Html("");

  private static final String REQUIRED = " required";

  private final String markup;

  private Html(String markup) {
    this.markup = markup;
  }

  byte[] bytes() {
    return markup.getBytes(StandardCharsets.UTF_8);
  }

  static Html text(String text) {
    return new Html(escape(text));
  }

  static Html all(List<Html> parts) {
    StringBuilder markup = new StringBuilder();
    parts.forEach(part -> markup.append(part.markup));
    return new Html(markup.toString());
  }

  static Html all(Html... parts) {
    return all(List.of(parts));
  }

  static Html heading(String text) {
    return element("h2", "", text(text));
  }

  static Html paragraph(String text) {
    return element("p", "", text(text));
  }

  static Html paragraph(Html... parts) {
    return element("p", "", parts);
  }

  /** Returns a paragraph with an error or a warning. */
  static Html warning(String text) {
    return element("p", attribute("class", "problem") + attribute("role", "alert"), text(text));
  }

  static Html strong(String text) {
    return element("strong", "", text(text));
  }

  static Html code(String text) {
    return element("code", "", text(text));
  }

  static Html section(Html... parts) {
    return element("section", "", parts);
  }

  /** Returns a list of terms, each with its explanation. */
  static Html facts(List<Fact> facts) {
    return element(
        "dl",
        "",
        all(
            facts.stream()
                .map(fact -> all(element("dt", "", text(fact.term())), dd(fact.said())))
                .toList()));
  }

  static Html items(List<Html> items) {
    return element("ul", "", all(items.stream().map(item -> element("li", "", item)).toList()));
  }

  /**
   * Returns a link to a page of this server.
   *
   * @param path the path of the page; it begins with a slash
   */
  static Html link(String path, String text) {
    return element("a", attribute("href", local(path)), text(text));
  }

  /** Returns a link that opens a page of this server in another tab. */
  static Html linkInNewTab(String path, String text) {
    return element("a", attribute("href", local(path)) + attribute("target", "_blank"), text(text));
  }

  /**
   * Returns a link to another server. The browser does not send the address of the present page to
   * that server.
   */
  static Html linkElsewhere(java.net.URI location, String text) {
    if (!"https".equals(location.getScheme()) && !"http".equals(location.getScheme())) {
      throw new IllegalArgumentException("not a web address");
    }
    return element("a", attribute("href", location.toString()), text(text));
  }

  /**
   * Returns a form that the browser sends to this server.
   *
   * @param path the path to which the form is sent; it begins with a slash
   */
  static Html form(String path, Html... fields) {
    return element("form", attribute("method", "post") + attribute("action", local(path)), fields);
  }

  static Html hidden(String name, String value) {
    return new Html(
        "<input type=\"hidden\"" + attribute("name", name) + attribute("value", value) + ">");
  }

  /** Returns a field for one line of text that the browser neither shows nor remembers. */
  static Html secretField(String name, String label) {
    return field(name, label, "password", "off", REQUIRED);
  }

  /** Returns a field like {@link #secretField} that may be left empty. */
  static Html optionalSecretField(String name, String label) {
    return field(name, label, "password", "off", "");
  }

  /**
   * Returns a field for a secret text of several lines. The field is a text area, because a
   * password field would remove the line breaks. The field may be left empty.
   */
  static Html optionalSecretArea(String name, String label) {
    return element(
        "label",
        "",
        text(label),
        new Html(
            "<textarea rows=\"4\""
                + attribute("name", name)
                + attribute("autocomplete", "off")
                + attribute("autocapitalize", "none")
                + attribute("spellcheck", "false")
                + "></textarea>"));
  }

  /** A field for one line of text, with a text filled in. */
  static Html textField(String name, String label, String value) {
    return field(name, label, "text", "off", REQUIRED + attribute("value", value));
  }

  static Html button(String label) {
    return element("button", attribute("type", "submit"), text(label));
  }

  /** A reference to a style sheet of this server, for the head of a page. */
  static Html styleSheet(String path) {
    return new Html("<link rel=\"stylesheet\"" + attribute("href", local(path)) + ">");
  }

  /** Returns a reference to the picture that browsers show in the page's tab. */
  static Html icon(String path) {
    return new Html(
        "<link rel=\"icon\" type=\"image/svg+xml\"" + attribute("href", local(path)) + ">\n");
  }

  /**
   * Returns a decorative picture. The text next to the picture has the same content, so the picture
   * has no alternative text.
   */
  static Html picture(String path) {
    return new Html("<img" + attribute("alt", "") + attribute("src", local(path)) + ">");
  }

  /** A button for an action that should not be the visitor's first choice. */
  static Html quietButton(String label) {
    return element(
        "button", attribute("type", "submit") + attribute("class", "secondary"), text(label));
  }

  private static Html field(
      String name, String label, String type, String autocomplete, String required) {
    return element(
        "label",
        "",
        text(label),
        new Html(
            "<input"
                + attribute("type", type)
                + attribute("name", name)
                + attribute("autocomplete", autocomplete)
                + attribute("autocapitalize", "none")
                + attribute("spellcheck", "false")
                + required
                + ">"));
  }

  private static Html dd(Html said) {
    return element("dd", "", said);
  }

  static Html element(String name, String attributes, Html... content) {
    return new Html("<" + name + attributes + ">" + all(content).markup + "</" + name + ">");
  }

  static String attribute(String name, String value) {
    return " " + name + "=\"" + escape(value) + "\"";
  }

  private static String local(String path) {
    if (!path.startsWith("/") || path.startsWith("//") || path.indexOf('\\') >= 0) {
      throw new IllegalArgumentException("not a path of this server");
    }
    return path;
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  @Override
  public String toString() {
    return markup;
  }

  record Fact(String term, Html said) {
    Fact(String term, String said) {
      this(term, text(said));
    }
  }
}
