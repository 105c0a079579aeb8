package io.claviger.console.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.Utf8ByteOutput;
import io.claviger.application.requests.RequestReferences;
import io.claviger.application.sessions.SessionActor;
import io.claviger.domain.Characters;
import io.claviger.web.pages.Visit;
import io.claviger.web.requests.RequestPage;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Renders pages for the user who is signed in. The templates are compiled when the program is
 * built.
 */
public final class Views {
  private static final String PACKAGE = "io.claviger.console.templates";

  private final RequestReferences references;
  private final Suggestions suggestions;
  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(null, ContentType.Html, null, PACKAGE);

  /**
   * @param references the object that encodes the terms which a viewer lacks, so that a link can
   *     contain them
   */
  public Views(RequestReferences references, Suggestions suggestions) {
    this.references = references;
    this.suggestions = suggestions;
  }

  /**
   * Answers with a page that is rendered from a template.
   *
   * @param template the name of the template file, without its extension
   * @param view the values that the template shows
   */
  public void show(Visit visit, Area area, String title, String template, Object view) {
    show(visit, 200, area, title, template, view);
  }

  /** Answers with a page and with the given HTTP status. */
  public void show(Visit visit, int status, Area area, String title, String template, Object view) {
    SessionActor who = visit.signedIn();
    Shell shell =
        new Shell(
            title,
            who.actor().handle().value(),
            area,
            who.actor().administrator(),
            visit.proofValue(),
            missing -> RequestPage.pathTo(references, missing),
            what -> suggestions.find(who.actor(), what, ""));
    answer(visit, status, template, Map.of("shell", shell, "view", view));
  }

  /**
   * Answers with one part of a page. The browser puts it in place of the same part of the page that
   * it shows.
   *
   * @param name the name of the only parameter of the template
   */
  public void part(Visit visit, String template, String name, @Nullable Object value) {
    answer(visit, 200, template, Collections.singletonMap(name, value));
  }

  private void answer(
      Visit visit, int status, String template, Map<String, @Nullable Object> parameters) {
    Utf8ByteOutput output = new Utf8ByteOutput();
    engine.render(template + ".jte", parameters, new MarkingOutput(output));
    visit.show(status, output.toByteArray());
  }

  /**
   * Marks invisible characters in all texts that a page shows. Users chose many of these texts, and
   * a template does not know which. Values that the browser sends back, and code that it runs, stay
   * unchanged.
   */
  private static final class MarkingOutput extends OwaspHtmlTemplateOutput {
    private static final Set<String> UNREAD_ELEMENTS = Set.of("textarea", "script", "style");

    /** The attributes that browsers show or read out. */
    private static final Set<String> READ_ATTRIBUTES =
        Set.of("alt", "aria-label", "label", "placeholder", "title");

    private boolean read;

    MarkingOutput(TemplateOutput output) {
      super(output);
    }

    @Override
    public void setContext(String tagName, @Nullable String attributeName) {
      read =
          attributeName == null
              ? !UNREAD_ELEMENTS.contains(tagName)
              : READ_ATTRIBUTES.contains(attributeName);
      super.setContext(tagName, attributeName);
    }

    @Override
    public void writeUserContent(@Nullable String value) {
      super.writeUserContent(read && value != null ? Characters.marked(value) : value);
    }
  }
}
