package io.claviger.console.search;

import io.claviger.application.search.NameSearch;
import io.claviger.application.search.NameSearch.Answer;
import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore.Found;
import io.claviger.application.search.port.NameStore.Kind;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.console.models.CatalogueEntryPage;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.domain.models.ModelConfig;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds things by their names, among those that the viewer may see. The navigation of every page of
 * the console contains the search field.
 */
public final class SearchPage implements ConsolePage {
  private static final String PATH = "/console/search";
  private static final int EACH = 10;
  private static final int SUGGESTED_EACH = 4;

  private final NameSearch search;
  private final Views views;

  public SearchPage(NameSearch search, Views views) {
    this.search = search;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
    routes.pageAt(PATH + "/names").openGet(visitors.signedInPart(this::suggest));
  }

  private void show(Visit visit) {
    Actor actor = visit.signedIn().actor();
    String typed = typed(visit);
    Optional<Answer> answer = find(actor, typed, EACH);
    Optional<Found> meant = answer.flatMap(found -> meant(found, typed));
    if (meant.isPresent()) {
      visit.redirect(path(actor, meant.get()));
      return;
    }
    views.show(
        visit,
        Area.SEARCH,
        "Search",
        "found",
        new SearchView(
            typed,
            answer.isEmpty(),
            answer.filter(Answer::tooShort).isPresent(),
            answer.stream()
                .flatMap(
                    found -> Stream.of(Kind.values()).map(kind -> group(actor, found, kind, typed)))
                .filter(group -> !group.entries().isEmpty())
                .toList()));
  }

  private void suggest(Visit visit) {
    views.part(
        visit,
        "foundNames",
        "entries",
        find(visit.signedIn().actor(), typed(visit), SUGGESTED_EACH).stream()
            .flatMap(answer -> answer.found().stream())
            .map(found -> new SearchView.Entry("", shown(found), label(found.kind())))
            .toList());
  }

  private static String typed(Visit visit) {
    String text = Paging.typed(visit).replace("\0", "").strip();
    return text.substring(0, Math.min(text.length(), NameQuery.LONGEST));
  }

  /** Returns what was found; empty if the database took too long. */
  private Optional<Answer> find(Actor actor, String typed, int each) {
    try {
      return Optional.of(search.find(actor, typed, each));
    } catch (QueryTimeout e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the only result, or the result whose full name was typed; empty if there is neither.
   */
  private static Optional<Found> meant(Answer answer, String typed) {
    boolean full = typed.startsWith("@") || typed.indexOf('/') > 0;
    return answer.found().stream()
        .filter(
            found -> answer.found().size() == 1 || (full && shown(found).equalsIgnoreCase(typed)))
        .findFirst();
  }

  private static SearchView.Group group(Actor actor, Answer answer, Kind kind, String typed) {
    return new SearchView.Group(
        title(kind),
        answer.found().stream()
            .filter(found -> found.kind() == kind)
            .map(
                found ->
                    new SearchView.Entry(path(actor, found), shown(found), found.displayName()))
            .toList(),
        answer.more().contains(kind),
        answer.more().contains(kind) ? list(actor, kind, typed) : null);
  }

  private static String shown(Found found) {
    return found.kind() == Kind.GROUP ? "@" + found.name() : found.name();
  }

  private static String path(Actor actor, Found found) {
    boolean administers = actor.administrator() && actor.mayManage();
    return switch (found.kind()) {
      case SERVICE -> Area.SERVICES.path(found.name());
      case PROJECT -> Area.PROJECTS.path(found.name());
      case GROUP -> Area.GROUPS.path(found.name());
      case PERSON ->
          administers
              ? Area.PEOPLE.path(found.name())
              : Links.to(Area.USAGE.path())
                  .with("by", "service")
                  .with("user", found.name())
                  .toString();
      case MODEL ->
          administers
              ? CatalogueEntryPage.pathOf(new ModelConfig.Id(found.id()))
              : Area.MODELS.path();
    };
  }

  /**
   * Returns the address of the list of all things of a kind; null if the kind has no searchable
   * list.
   */
  private static @Nullable String list(Actor actor, Kind kind, String typed) {
    if (!Set.of(Kind.SERVICE, Kind.GROUP, Kind.PERSON).contains(kind)
        || (kind == Kind.PERSON && !actor.administrator())) {
      return null;
    }
    Area area =
        switch (kind) {
          case PERSON -> Area.PEOPLE;
          case GROUP -> Area.GROUPS;
          default -> Area.SERVICES;
        };
    return Links.to(area.path()).with(Paging.SEARCH, typed).toString();
  }

  private static String title(Kind kind) {
    return switch (kind) {
      case SERVICE -> "Services";
      case PERSON -> "People";
      case GROUP -> "Groups";
      case MODEL -> "Models";
      case PROJECT -> "Projects";
    };
  }

  private static String label(Kind kind) {
    return switch (kind) {
      case SERVICE -> "service";
      case PERSON -> "person";
      case GROUP -> "group";
      case MODEL -> "model";
      case PROJECT -> "project";
    };
  }

  /**
   * What was found.
   *
   * @param late whether the database took too long to search
   * @param tooShort whether the typed text is too short to search for
   */
  public record SearchView(String typed, boolean late, boolean tooShort, List<Group> groups) {
    public SearchView {
      groups = List.copyOf(groups);
    }

    /**
     * The results of one kind.
     *
     * @param more whether there are more results of this kind than those in {@code entries}
     * @param all a link to the list of all things of this kind; null if there is no such list
     */
    public record Group(String title, List<Entry> entries, boolean more, @Nullable String all) {
      public Group {
        entries = List.copyOf(entries);
      }
    }

    /**
     * A thing that was found.
     *
     * @param about the display name of the thing, or its kind if it has no display name; may be
     *     empty
     */
    public record Entry(String path, String name, String about) {}
  }
}
