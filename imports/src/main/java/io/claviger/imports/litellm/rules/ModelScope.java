package io.claviger.imports.litellm.rules;

import io.claviger.domain.policy.ModelPattern;
import io.claviger.imports.litellm.rules.ModelTranslation.Place;
import io.claviger.imports.litellm.rules.ModelTranslation.Target;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of LiteLLM's models a user, a group or a key may call.
 *
 * @param aliases the only models that may be called; empty if all models may be called, including
 *     models that are added later
 */
public record ModelScope(Optional<Set<String>> aliases) {
  /** The scope of somebody without a list of models: all models. */
  public static final ModelScope ALL = new ModelScope(Optional.empty());

  public static final ModelScope NONE = new ModelScope(Optional.of(Set.of()));

  private static final Set<String> EVERYTHING = Set.of("all-proxy-models", "*");
  private static final String OF_THE_TEAM = "all-team-models";
  private static final String NOTHING = "no-default-models";
  private static final String ANY = "*";

  /** The maximum number of models in one limit. */
  public static final int MOST = 100;

  /**
   * Reads a list of models. If all models in the list are unknown, the scope allows no model. It
   * does not allow all models in this case.
   *
   * @param listed a list with the names of models; if empty, the scope contains all models that the
   *     group or user may call
   */
  public static ModelScope of(List<String> listed, ModelTranslation.Result models) {
    if (listed.isEmpty()
        || listed.stream()
            .anyMatch(name -> EVERYTHING.contains(name) || name.equals(OF_THE_TEAM))) {
      return ALL;
    }
    Set<String> aliases = new TreeSet<>();
    for (String name : new LinkedHashSet<>(listed)) {
      if (name.equals(NOTHING)) {
        continue;
      }
      boolean unused = aliases.addAll(models.accessGroups().getOrDefault(name, Set.of()));
      if (models.places().containsKey(name)) {
        boolean unusedToo = aliases.add(name);
      }
      if (name.contains(ANY)) {
        List<String> pieces = pieces(name);
        models.places().keySet().stream()
            .filter(alias -> matches(pieces, alias))
            .forEach(aliases::add);
      }
    }
    aliases.retainAll(models.places().keySet());
    return new ModelScope(Optional.of(Set.copyOf(aliases)));
  }

  /** Returns the texts before, between and after a pattern's asterisks. */
  private static List<String> pieces(String pattern) {
    return List.of(pattern.replaceAll("[*]+", ANY).split(Pattern.quote(ANY), -1));
  }

  /**
   * Whether a name consists of the texts around a pattern's asterisks, with any characters in place
   * of the asterisks. Anybody might have written the texts, so the check must be fast for all
   * texts: its duration grows at most in proportion to their lengths.
   */
  private static boolean matches(List<String> pieces, String name) {
    int at = name.startsWith(pieces.getFirst()) ? pieces.getFirst().length() : -1;
    for (String piece : pieces.subList(1, pieces.size() - 1)) {
      int found = at < 0 ? -1 : name.indexOf(piece, at);
      at = found < 0 ? -1 : found + piece.length();
    }
    String last = pieces.getLast();
    return at >= 0 && name.length() - last.length() >= at && name.endsWith(last);
  }

  /**
   * Reads a user's list of models. If the list says that there are no default models, the user may
   * call only the models of their teams, whatever else is in the list.
   */
  static ModelScope ofUser(List<String> listed, ModelTranslation.Result models) {
    return listed.contains(NOTHING) ? NONE : of(listed, models);
  }

  /** Returns the models that both scopes allow. */
  public ModelScope and(ModelScope other) {
    if (aliases.isEmpty() || other.aliases.isEmpty()) {
      return aliases.isEmpty() ? other : this;
    }
    Set<String> both = new HashSet<>(aliases.get());
    both.retainAll(other.aliases.get());
    return new ModelScope(Optional.of(Set.copyOf(both)));
  }

  /** Returns this scope without the given aliases. */
  ModelScope without(Set<String> names, ModelTranslation.Result models) {
    Set<String> left = new HashSet<>(aliases.orElseGet(models.places()::keySet));
    return left.removeAll(names) ? new ModelScope(Optional.of(Set.copyOf(left))) : this;
  }

  public boolean isNothing() {
    return aliases.filter(Set::isEmpty).isPresent();
  }

  /** Returns the services and models for which this scope's names stand. */
  public Set<Place> places(ModelTranslation.Result models) {
    Set<Place> all = new LinkedHashSet<>();
    models
        .places()
        .forEach(
            (alias, places) -> {
              if (aliases.isEmpty() || aliases.get().contains(alias)) {
                boolean unused = all.addAll(places);
              }
            });
    return all;
  }

  /** Returns the services for this scope's models. */
  public Set<String> services(ModelTranslation.Result models) {
    return places(models).stream()
        .map(place -> place.target().service())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Returns the providers' names for the models, for use in a limit; empty if the models are not
   * limited.
   *
   * @param service the service of the limit; empty if the limit applies to all services
   */
  public Optional<Set<ModelPattern>> patterns(
      ModelTranslation.Result models, Optional<String> service) {
    if (aliases.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        service.isPresent()
            ? patterns(places(models).stream(), service.get())
            : patterns(places(models).stream().map(Place::target)));
  }

  static Set<ModelPattern> patterns(Stream<Place> places, String service) {
    return patterns(places.map(Place::target).filter(target -> service.equals(target.service())));
  }

  private static Set<ModelPattern> patterns(Stream<Target> targets) {
    return targets
        .map(target -> new ModelPattern(target.model().value()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether one limit can name all models of this scope. */
  public boolean isNamable(ModelTranslation.Result models) {
    return patterns(models, Optional.empty()).filter(all -> all.size() > MOST).isEmpty();
  }
}
