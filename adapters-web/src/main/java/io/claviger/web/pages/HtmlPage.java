package io.claviger.web.pages;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A whole page.
 *
 * @param user the handle of the signed-in user, which the head of the page shows; empty if nobody
 *     is signed in
 */
record HtmlPage(String title, Optional<String> user, Html content) {
  private static final String MENU =
      Html.attribute("class", "menu")
          + Html.attribute("id", "menu")
          + Html.attribute("popover", "auto")
          + Html.attribute("aria-label", "Main");

  /** The button that opens the navigation in narrow windows. */
  private static final Html MENU_BUTTON =
      Html.element(
          "button",
          Html.attribute("class", "secondary")
              + Html.attribute("type", "button")
              + Html.attribute("popovertarget", "menu"),
          Html.text("Menu"));

  /** The link with which visitors skip the navigation. */
  private static final Html SKIP =
      Html.element(
          "a",
          Html.attribute("class", "skip") + Html.attribute("href", "#content"),
          Html.text("Skip to the content"));

  static HtmlPage open(String title, Html... content) {
    return new HtmlPage(title, Optional.empty(), Html.all(content));
  }

  static HtmlPage of(String user, String title, Html... content) {
    return new HtmlPage(title, Optional.of(user), Html.all(content));
  }

  /**
   * Returns the HTML of the page, encoded in UTF-8.
   *
   * @param administrator whether the visitor is an administrator
   */
  byte[] bytes(Pages.PageFrame frame, boolean administrator) {
    Html styles = Html.all(frame.styleSheets().stream().map(Html::styleSheet).toList());
    Html icon = frame.mark().isEmpty() ? Html.NOTHING : Html.icon(frame.mark());
    String head =
        Pages.begin(Html.text(title) + " – Claviger") + icon + styles + "\n</head>\n<body>\n";
    Html body =
        Html.all(
            user.isPresent() ? SKIP : Html.NOTHING,
            Html.element("header", "", name(frame), navigation(frame, administrator)),
            Html.element(
                "main",
                Html.attribute("id", "content"),
                Html.element("h1", "", Html.text(title)),
                content));
    return (head + body + "\n</body>\n</html>\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Html name(Pages.PageFrame frame) {
    Html picture = frame.mark().isEmpty() ? Html.NOTHING : Html.picture(frame.mark());
    return Html.element("span", Html.attribute("class", "mark"), picture, Html.text("Claviger"));
  }

  private Html navigation(Pages.PageFrame frame, boolean administrator) {
    return user.map(
            handle ->
                Html.element(
                    "nav",
                    MENU,
                    Html.all(
                        frame.navigation().apply(administrator).stream()
                            .map(HtmlPage::links)
                            .toList()),
                    Html.element(
                        "ul", Html.attribute("class", "who"), item("/console/account", handle))))
        .map(menu -> Html.all(MENU_BUTTON, menu))
        .orElse(Html.NOTHING);
  }

  private static Html links(Pages.NavigationGroup group) {
    Html label =
        group.label().isEmpty()
            ? Html.NOTHING
            : Html.element("p", Html.attribute("class", "group"), Html.text(group.label()));
    return Html.all(
        label,
        Html.element(
            "ul",
            "",
            Html.all(group.links().stream().map(to -> item(to.path(), to.label())).toList())));
  }

  private static Html item(String path, String label) {
    return Html.element("li", "", Html.link(path, label));
  }
}
