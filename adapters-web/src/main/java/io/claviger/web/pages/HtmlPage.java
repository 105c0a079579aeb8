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
   * @param administrator whether the visitor administrates Claviger
   */
  byte[] bytes(Pages.PageFrame frame, boolean administrator) {
    Html styles = Html.all(frame.styleSheets().stream().map(Html::styleSheet).toList());
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
    Html name =
        user.map(handle -> links(frame.navigation().apply(administrator)))
            .orElseGet(() -> list(Html.strong("Claviger")));
    Html who = user.map(HtmlPage::account).orElse(Html.NOTHING);
    Html body =
        Html.all(
            Html.element(
                "header",
                CONTAINER,
                Html.element("nav", Html.attribute("aria-label", "Main"), name, who)),
            Html.element("main", CONTAINER, Html.element("h1", "", Html.text(title)), content));
    return (head + body + "\n</body>\n</html>\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Html account(String user) {
    return list(Html.link("/console/account", user));
  }

  private static Html links(List<Pages.NavigationLink> links) {
    Html areas =
        Html.all(
            links.stream()
                .map(to -> Html.element("li", "", Html.link(to.path(), to.label())))
                .toList());
    return Html.element("ul", "", Html.element("li", "", Html.strong("Claviger")), areas);
  }

  private static Html list(Html item) {
    return Html.element("ul", "", Html.element("li", "", item));
  }
}
