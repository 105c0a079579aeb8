package io.claviger.web.pages;

import io.claviger.application.sessions.LocalSignIn;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers requests for addresses that have no page. This group must be added after all groups that
 * have pages.
 */
public final class Pages implements RouteGroup {
  private final Visitors visitors;

  /**
   * Begins a page, up to and with its title.
   *
   * @param title escaped
   */
  public static String begin(String title) {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s</title>
        """
        .formatted(title);
  }

  /**
   * @param publicUrl the URL at which browsers reach the pages; if it is empty, the address at
   *     which the pages are served is used
   * @param local the users who may sign in without the identity provider
   * @param providerName the name of the identity provider on the sign-in button
   * @param frame the frame around the content of pages
   * @param keyAgeDays after how many days owners are reminded of the age of a key
   */
  public record Settings(
      Optional<URI> publicUrl,
      LocalSignIn local,
      String providerName,
      PageFrame frame,
      int keyAgeDays) {
    /**
     * After how many days owners are reminded of the age of a key, if the operator has set no other
     * number.
     */
    public static final int STANDARD_KEY_AGE = 90;

    /** Settings of a server without an identity provider and without a public URL. */
    public static final Settings LOCAL =
        new Settings(Optional.empty(), new LocalSignIn(true), "the identity provider");

    /** Creates settings of a server that has only the pages for signing in. */
    public Settings(Optional<URI> publicUrl, LocalSignIn local, String providerName) {
      this(publicUrl, local, providerName, PageFrame.NONE, STANDARD_KEY_AGE);
    }

    boolean hasConsole() {
      return !frame.styleSheets().isEmpty();
    }
  }

  /**
   * The frame around the content of pages without a template.
   *
   * @param styleSheets the addresses of the console's style sheets; none without a console
   * @param mark the address of the picture next to the name; empty without a console
   * @param navigation returns the links of the console for a visitor, who may be an administrator
   */
  public record PageFrame(
      List<String> styleSheets, String mark, Function<Boolean, List<NavigationGroup>> navigation) {
    static final PageFrame NONE = new PageFrame(List.of(), "", administrator -> List.of());

    public PageFrame {
      styleSheets = List.copyOf(styleSheets);
    }
  }

  /**
   * A group of links in the navigation.
   *
   * @param label the heading of the group; empty for the links that everybody uses
   */
  public record NavigationGroup(String label, List<NavigationLink> links) {
    public NavigationGroup {
      links = List.copyOf(links);
    }
  }

  /** A link to a part of the console. */
  public record NavigationLink(String label, String path) {}

  public Pages(Visitors visitors) {
    this.visitors = visitors;
  }

  @Override
  public void addTo(Routes routes) {
    routes.rest("/console/", visitors.page(Pages::missing));
  }

  private static void missing(Visit visit) {
    throw new PageProblem(404, "No such page", "There is nothing at this address.");
  }
}
