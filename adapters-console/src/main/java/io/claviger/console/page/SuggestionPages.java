package io.claviger.console.page;

import io.claviger.domain.InvalidValue;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.server.Routes;
import java.util.Locale;
import java.util.stream.Stream;

/** Suggests names that contain the typed text, while the user types into a field. */
public final class SuggestionPages implements ConsolePage {
  static final String PATH = "/console/suggestions";
  static final String OF = "of";

  /** The query parameter that names a second query parameter, which contains the typed text. */
  static final String FIELD = "in";

  private final Suggestions suggestions;
  private final Views views;

  public SuggestionPages(Suggestions suggestions, Views views) {
    this.suggestions = suggestions;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedInPart(this::answer));
  }

  private void answer(Visit visit) {
    String field = visit.queryText(FIELD);
    String typed = field.isEmpty() ? "" : visit.queryText(field);
    views.part(
        visit,
        "suggestions",
        "names",
        suggestions.find(visit.signedIn().actor(), what(visit), typed));
  }

  private static Suggestions.Of what(Visit visit) {
    String name = visit.queryText(OF);
    return Stream.of(Suggestions.Of.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() -> new InvalidValue(OF, "people, groups, grantees or services"));
  }
}
