package io.claviger.domain.routing;

import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What one caller sees, made at random from few names, so that they meet often: models that look
 * like references, names of the catalogue that look like models, services that can't be called.
 */
final class RandomWorld {
  static final List<String> MODELS =
      List.of("m", "n", "o", "p/q", "alice/a", "alice/a/m", "bob/b/n", "_system/s/m");

  private static final List<String> REFS =
      List.of("alice/a", "alice/b", "alice/c", "bob/b", "bob/c", "_system/s", "_system/t", "p/q");
  private static final List<WireFormat> FORMATS =
      List.of(WireFormat.OPENAI, WireFormat.OPENAI, WireFormat.OPENAI, WireFormat.ANTHROPIC);

  private final Random random;
  final List<ModelCandidate> candidates = new ArrayList<>();
  final List<CatalogueName> names = new ArrayList<>();

  RandomWorld(long seed) {
    random = new Random(seed);
    boolean defaultTaken = random.nextBoolean();
    for (int number = 0; number < REFS.size(); number++) {
      if (random.nextInt(4) > 0) {
        RoutingRank rank = defaultTaken ? rank(REFS.get(number)) : RoutingRank.DEFAULT;
        defaultTaken = true;
        candidates.add(candidate(number, REFS.get(number), rank));
      }
    }
    Set<String> given = new TreeSet<>();
    for (int i = random.nextInt(5); i > 0 && !candidates.isEmpty(); i--) {
      String name = random.nextBoolean() ? any(MODELS) : any(REFS) + "/" + any(MODELS);
      if (given.add(name)) {
        names.add(
            new CatalogueName(any(FORMATS), name, targets(), any(List.of(FailureMode.values()))));
      }
    }
  }

  ModelRouter router() {
    return new ModelRouter(names, candidates);
  }

  /** Whether a name can't begin with the name of a service. */
  static boolean isBare(String model) {
    return REFS.stream().noneMatch(ref -> model.equals(ref) || model.startsWith(ref + "/"));
  }

  /** All names that could mean something. */
  Set<String> spellings() {
    Set<String> all = new TreeSet<>(MODELS);
    all.add("unlisted");
    names.forEach(name -> all.add(name.name()));
    for (String ref : REFS) {
      all.add(ref);
      MODELS.forEach(model -> all.add(ref + "/" + model));
    }
    return all;
  }

  private List<ModelTarget> targets() {
    List<ModelTarget> targets = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      targets.add(new ModelTarget(any(candidates).id(), new ModelName(any(MODELS))));
    }
    return targets;
  }

  private RoutingRank rank(String ref) {
    if (ref.startsWith("_system/")) {
      return RoutingRank.SYSTEM;
    }
    return ref.startsWith("alice/")
        ? RoutingRank.OWN
        : any(List.of(RoutingRank.ACCEPTED, RoutingRank.BY_REFERENCE_ONLY));
  }

  private ModelCandidate candidate(int number, String ref, RoutingRank rank) {
    return new ModelCandidate(
        new Instance.Id(new UUID(number, 0)),
        Optional.of(Instance.Ref.of(ref)),
        Set.of(),
        any(FORMATS),
        rank,
        Instant.EPOCH.plusSeconds(random.nextInt(3)),
        new ModelName(any(MODELS)),
        some(1),
        random.nextBoolean() ? Optional.of(ModelList.of(some(5))) : Optional.empty(),
        allowed(),
        any(List.of(KeyDecision.CENTRAL, KeyDecision.USER, KeyDecision.DISABLED)),
        rank == RoutingRank.DEFAULT && random.nextBoolean(),
        Set.of(),
        true);
  }

  private Optional<Set<ModelPattern>> allowed() {
    if (random.nextInt(3) > 0) {
      return Optional.empty();
    }
    Set<String> patterns = random.nextInt(3) > 0 ? some(4) : Set.of("alice/*");
    return Optional.of(patterns.stream().map(ModelPattern::new).collect(Collectors.toSet()));
  }

  private Set<String> some(int most) {
    Set<String> chosen = new TreeSet<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      chosen.add(any(MODELS));
    }
    return chosen;
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
