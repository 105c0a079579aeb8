package io.claviger.web.pages;

import io.claviger.application.sessions.LocalSignIn;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers requests for addresses that have no page. This group of routes must be added after all
 * groups that contain pages.
 */
public final class Pages implements RouteGroup {
  private static final String CONSOLE = "/console";

  private final Visitors visitors;

  /**
   * Returns the beginning of a page, up to and including its title.
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
   * @param publicUrl the URL at which browsers reach the pages; if empty, the address to which each
   *     request was sent is used
   * @param local the rule that says which users may sign in without the identity provider
   * @param providerName the identity provider's name on the sign-in button
   * @param frame the frame around a page's content
   * @param keyAgeDays the age, in days, after which owners are reminded that a key is old
   */
  public record Settings(
      Optional<URI> publicUrl,
      LocalSignIn local,
      String providerName,
      PageFrame frame,
      int keyAgeDays) {
    /** The default age, in days, after which owners are reminded that a key is old. */
    public static final int STANDARD_KEY_AGE = 90;

    /** The settings of a server without an identity provider and without a public URL. */
    public static final Settings LOCAL =
        new Settings(Optional.empty(), new LocalSignIn(true), "the identity provider");

    /** Creates the settings of a server that has only the pages for signing in. */
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
   * @param styleSheets the addresses of the console's style sheets; empty if the server has no
   *     console
   * @param mark the address of the picture that is shown next to Claviger's name; empty if the
   *     server has no console
   * @param navigation a function that returns the console's links for a visitor; its argument says
   *     whether the visitor is an administrator
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
   * @param label the heading of the group; empty for the group of the links that everybody uses
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
    routes.rest(CONSOLE + "/", visitors.page(Pages::missing));
  }

  private static void missing(Visit visit) {
    if (visit.path().equals(CONSOLE + "/")) {
      visit.redirect(CONSOLE);
      return;
    }
    throw new PageProblem(404, "No such page", "There is nothing at this address.");
  }
}
