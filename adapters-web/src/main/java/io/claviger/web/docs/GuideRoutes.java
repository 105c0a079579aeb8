package io.claviger.web.docs;

import io.claviger.web.docs.Guide.Found;
import io.claviger.web.docs.Guide.Page;
import io.claviger.web.pages.Pages;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Resource;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.claviger.web.server.StaticFiles;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code /docs/guide}: the documentation as HTML pages, which anyone may read. The pages contain no
 * scripts and load nothing from other servers.
 */
public final class GuideRoutes implements RouteGroup {
  static final String PATH = "/docs/guide";

  private static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";

  /**
   * The content security policy for pictures. A picture can contain styles that animate it, but
   * can't run scripts. The pages of the guide embed the picture as an image.
   */
  private static final String POLICY_OF_PICTURES =
      "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

  private static final StaticFiles FILES =
      new StaticFiles(
          PATH + "/files/",
          Map.of("guide.css", new Resource("/docs/guide.css", "text/css; charset=utf-8")));

  private static final Map<String, String> PICTURES =
      Map.of("png", "image/png", "svg", "image/svg+xml", "gif", "image/gif", "webp", "image/webp");

  private final Pages.PageFrame frame;

  /** The generated HTML of the pages that were requested before. */
  private final Map<String, byte[]> made = new ConcurrentHashMap<>();

  public GuideRoutes(Pages.Settings settings) {
    this.frame = settings.frame();
  }

  @Override
  public void addTo(Routes routes) {
    FILES.addTo(routes);
    routes.pageAt(PATH).openGet(call -> show(call.ctx(), Guide.FIRST));
    routes.pageAt(PATH + "/search").openGet(call -> search(call.ctx()));
    routes.pageAt(PATH + "/pictures/{file}").openGet(call -> picture(call.ctx()));
    routes
        .pageAt(PATH + "/{page}")
        .openGet(call -> show(call.ctx(), Routes.parameter(call.ctx(), "page")));
    routes
        .pageAt(PATH + "/{part}/{page}")
        .openGet(
            call ->
                show(
                    call.ctx(),
                    Routes.parameter(call.ctx(), "part")
                        + "/"
                        + Routes.parameter(call.ctx(), "page")));
  }

  private void show(Context ctx, String name) {
    Page page = Guide.made().page(name).orElseThrow(GuideRoutes::missing);
    byte[] html =
        made.computeIfAbsent(
            page.name(), any -> html(page.title(), Optional.of(page), "", page.article()));
    answer(ctx, POLICY, "text/html; charset=utf-8", html);
  }

  private static ProblemException missing() {
    return new ProblemException(Problems.NOT_FOUND);
  }

  private static void picture(Context ctx) {
    String name = Routes.parameter(ctx, "file");
    byte[] picture = Guide.picture(name).orElseThrow(GuideRoutes::missing);
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    answer(ctx, POLICY_OF_PICTURES, PICTURES.getOrDefault(ending, "image/png"), picture);
  }

  private void search(Context ctx) {
    String asked = Optional.ofNullable(ctx.queryParam("q")).orElse("");
    String question = asked.substring(0, Math.min(asked.length(), Guide.MOST_LETTERS));
    List<Found> found = Guide.made().search(question);
    StringBuilder article = new StringBuilder("<h1>Search</h1>\n");
    if (question.isBlank()) {
      article.append("<p>Type some words, such as <em>strict budget</em>.</p>");
    } else if (found.isEmpty()) {
      article.append("<p>No section has all of these words. Try fewer of them.</p>");
    } else {
      article.append("<ol class=\"found\">\n");
      found.forEach(each -> append(each, article));
      article.append("</ol>");
    }
    byte[] html = html("Search", Optional.empty(), question, article.toString());
    answer(ctx, POLICY, "text/html; charset=utf-8", html);
  }

  private static void append(Found found, StringBuilder article) {
    boolean whole = found.heading().equals(found.page().title());
    article
        .append("<li><a href=\"")
        .append(escaped(found.path()))
        .append("\">")
        .append(escaped(found.heading()))
        .append("</a>")
        .append(whole ? "" : " <small>" + escaped(found.page().title()) + "</small>")
        .append("<p>")
        .append(marked(found.excerpt(), found.words()))
        .append("</p></li>\n");
  }

  /** Escapes a text, and highlights the words for which a visitor searched. */
  private static String marked(String text, List<String> words) {
    String low = text.toLowerCase(Locale.ROOT);
    StringBuilder html = new StringBuilder();
    int at = 0;
    while (low.length() == text.length() && at < text.length()) {
      int begin = text.length();
      int end = begin;
      for (String word : words) {
        int found = low.indexOf(word, at);
        if (found >= 0 && (found < begin || (found == begin && found + word.length() > end))) {
          begin = found;
          end = found + word.length();
        }
      }
      html.append(escaped(text.substring(at, begin)));
      if (begin < end) {
        html.append("<mark>").append(escaped(text.substring(begin, end))).append("</mark>");
      }
      at = end;
    }
    return html.append(escaped(text.substring(at))).toString();
  }

  private byte[] html(String title, Optional<Page> page, String question, String article) {
    StringBuilder html = new StringBuilder(Pages.begin(escaped(title) + " – Claviger guide"));
    frame.styleSheets().forEach(sheet -> link(html, sheet));
    link(html, FILES.url("guide.css"));
    html.append("</head>\n<body class=\"guide\">\n")
        .append("<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header>\n")
        .append("<a class=\"mark\" href=\"")
        .append(PATH)
        .append("\">");
    if (!frame.mark().isEmpty()) {
      html.append("<img alt=\"\" src=\"").append(escaped(frame.mark())).append("\">");
    }
    html.append(
        """
        Claviger</a>
        <form role="search" action="%s/search"><input type="search" name="q" maxlength="%s" \
        value="%s" aria-label="Search the guide" placeholder="Search the guide" autocomplete="off"></form>
        <button class="secondary" type="button" popovertarget="menu">Menu</button>
        <nav class="menu" id="menu" popover="auto" aria-label="Pages of the guide">
        """
            .formatted(PATH, Guide.MOST_LETTERS, escaped(question)));
    Guide.made().groups().forEach(group -> append(group, page, html));
    html.append(
        """
        <ul class="who">
        <li><a href="/docs">The REST API</a></li>
        <li><a href="/console">The console</a></li>
        </ul>
        </nav>
        </header>
        <main id="content" tabindex="-1">
        """);
    html.append(article).append("\n</main>\n</body>\n</html>\n");
    return html.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void link(StringBuilder html, String sheet) {
    html.append("<link rel=\"stylesheet\" href=\"").append(escaped(sheet)).append("\">\n");
  }

  private static void append(Guide.Group group, Optional<Page> shown, StringBuilder html) {
    if (!group.label().isEmpty()) {
      html.append("<p class=\"group\">").append(escaped(group.label())).append("</p>\n");
    }
    html.append("<ul>\n");
    group
        .pages()
        .forEach(
            (label, page) -> {
              html.append("<li><a href=\"").append(escaped(page.path())).append("\"");
              if (shown.filter(page::equals).isPresent()) {
                html.append(" aria-current=\"page\"");
              }
              html.append(">").append(escaped(label)).append("</a></li>\n");
            });
    html.append("</ul>\n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static void answer(Context ctx, String policy, String mediaType, byte[] content) {
    ctx.header("Cache-Control", "public, max-age=300")
        .header("Content-Security-Policy", policy)
        .header("Referrer-Policy", "no-referrer")
        .contentType(mediaType)
        .result(content);
  }
}
