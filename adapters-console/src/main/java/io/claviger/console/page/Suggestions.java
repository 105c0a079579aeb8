package io.claviger.console.page;

import io.claviger.application.accounts.Users;
import io.claviger.application.groups.Groups;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.SearchText;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sharing.GranteeName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the names that a form's field suggests to the user. The suggested names are exactly those
 * that the viewer sees in the lists of the console.
 */
public final class Suggestions {
  private static final int MOST = 20;

  private final Users users;
  private final Groups groups;
  private final Instances instances;

  public Suggestions(Users users, Groups groups, Instances instances) {
    this.users = users;
    this.groups = groups;
    this.instances = instances;
  }

  /** The kinds of names that a field can contain. */
  public enum Of {
    /** People and service accounts. */
    PEOPLE,
    /** Groups, by their handles. */
    GROUPS,
    /**
     * The handles of people, service accounts and groups. Handles of groups begin with {@code @}.
     */
    GRANTEES,
    SERVICES;

    /** Returns the address of the suggestions for a field. */
    public String path(String field) {
      return Links.to(SuggestionPages.PATH)
          .with(SuggestionPages.OF, name().toLowerCase(Locale.ROOT))
          .with(SuggestionPages.FIELD, field)
          .toString();
    }
  }

  /**
   * Returns the names that are suggested, at most {@value #MOST}, in alphabetical order.
   *
   * @param typed the text that the names must contain; if empty, all names are returned
   */
  List<String> find(Actor actor, Of what, String typed) {
    if (typed.length() > SearchText.LONGEST) {
      return List.of();
    }
    return switch (what) {
      case PEOPLE -> people(actor, typed);
      case GROUPS -> groups(actor, typed);
      case GRANTEES ->
          typed.startsWith("@")
              ? groupsBehindAt(actor, typed.substring(1)).toList()
              : Stream.concat(
                      groupsBehindAt(actor, typed).limit(MOST / 2), people(actor, typed).stream())
                  .limit(MOST)
                  .toList();
      case SERVICES -> services(actor, typed);
    };
  }

  /** Whether the viewer sees a user or group with this name. */
  public boolean isSeen(Actor actor, GranteeName name) {
    return name.isGroup()
        ? groups.find(actor, name.handle()).asOptional().isPresent()
        : actor.handle().equals(name.handle()) || users.isKnown(actor, name.handle());
  }

  private List<String> people(Actor actor, String typed) {
    return users.known(actor, text(typed), MOST).stream().map(Handle::value).toList();
  }

  private Stream<String> groupsBehindAt(Actor actor, String typed) {
    return groups(actor, typed).stream().map(handle -> "@" + handle);
  }

  private List<String> groups(Actor actor, String typed) {
    return groups.list(actor, text(typed), first()).asOptional().stream()
        .flatMap(page -> page.items().stream())
        .map(view -> view.group().handle().value())
        .toList();
  }

  /**
   * Finds services. If the typed text contains a slash, the part before the slash is the owner's
   * handle.
   */
  private List<String> services(Actor actor, String typed) {
    int slash = typed.indexOf('/');
    InstanceFilter filter = InstanceFilter.NONE.withText(text(typed.substring(slash + 1)));
    return instances.list(actor, actor.handle(), filter, first()).asOptional().stream()
        .flatMap(page -> page.items().stream())
        .map(view -> view.instance().ref().toString())
        .filter(ref -> slash < 0 || ref.startsWith(typed.substring(0, slash + 1)))
        .toList();
  }

  private static <P> PageRequest<P> first() {
    return new PageRequest<>(Optional.empty(), MOST);
  }

  private static Optional<SearchText> text(String typed) {
    return Optional.of(typed).filter(s -> !s.isEmpty()).map(SearchText::new);
  }
}
