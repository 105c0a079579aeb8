package io.claviger.web.pages;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A whole page.
 *
 * @param user the handle of who is signed in, for the page's head
 */
record Page(String title, Optional<String> user, Html content) {
  static final String STYLE_SHEET = "/console/style.css";

  static Page open(String title, Html... content) {
    return new Page(title, Optional.empty(), Html.all(content));
  }

  static Page of(String user, String title, Html... content) {
    return new Page(title, Optional.of(user), Html.all(content));
  }

  byte[] bytes() {
    String head =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s – Claviger</title>
        <link rel="stylesheet" href="%s">
        </head>
        <body>
        """
            .formatted(Html.text(title), STYLE_SHEET);
    Html name = Html.element("span", Html.attribute("class", "name"), Html.text("Claviger"));
    Html who = user.map(Page::navigation).orElse(Html.NOTHING);
    Html body =
        Html.all(
            Html.element("header", "", name, who),
            Html.element("main", "", Html.element("h1", "", Html.text(title)), content));
    return (head + body + "\n</body>\n</html>\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Html navigation(String user) {
    return Html.element("nav", "", Html.link("/console/account", user));
  }
}
