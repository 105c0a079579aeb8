package io.claviger.web.pages;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A whole page.
 *
 * @param user the handle of the user who is signed in, for the page's head
 */
record HtmlPage(String title, Optional<String> user, Html content) {
  private static final String CONTAINER = Html.attribute("class", "container");

  static HtmlPage open(String title, Html... content) {
    return new HtmlPage(title, Optional.empty(), Html.all(content));
  }

  static HtmlPage of(String user, String title, Html... content) {
    return new HtmlPage(title, Optional.of(user), Html.all(content));
  }

  /**
   * Returns the page in UTF-8.
   *
   * @param styleSheets the addresses of the style sheets
   */
  byte[] bytes(List<String> styleSheets) {
    Html styles = Html.all(styleSheets.stream().map(Html::styleSheet).toList());
    String head =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s – Claviger</title>
        %s
        </head>
        <body>
        """
            .formatted(Html.text(title), styles);
    Html name = list(Html.strong("Claviger"));
    Html who = user.map(HtmlPage::account).orElse(Html.NOTHING);
    Html body =
        Html.all(
            Html.element("header", CONTAINER, Html.element("nav", "", name, who)),
            Html.element("main", CONTAINER, Html.element("h1", "", Html.text(title)), content));
    return (head + body + "\n</body>\n</html>\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Html account(String user) {
    return list(Html.link("/console/account", user));
  }

  private static Html list(Html item) {
    return Html.element("ul", "", Html.element("li", "", item));
  }
}
