package io.claviger.domain.routing;

import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.RecordCopy;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Builds what routing depends on. A service is callable and has no list unless a test says so. */
final class Routing {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Routing() {}

  /** A service of the format openai. A later number means that it was created later. */
  static ModelCandidate service(int number, String ref, RoutingRank rank, String model) {
    return new ModelCandidate(
        new Instance.Id(new UUID(0, number)),
        Optional.of(Instance.Ref.of(ref)),
        Set.of(),
        WireFormat.OPENAI,
        rank,
        START.plusSeconds(number),
        new ModelName(model),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        KeyDecision.CENTRAL,
        false,
        Set.of(),
        true);
  }

  /** The caller has chosen that names that nobody offers lead to this service. */
  static ModelCandidate chosen(ModelCandidate of) {
    return RecordCopy.with(of, "takesUnlisted", true);
  }

  static ModelCandidate withFormat(ModelCandidate of, WireFormat format) {
    return RecordCopy.with(of, "format", format);
  }

  static ModelCandidate withKey(ModelCandidate of, KeyDecision key) {
    return RecordCopy.with(of, "key", key);
  }

  static ModelCandidate listing(ModelCandidate of, String... models) {
    return RecordCopy.with(of, "listed", Optional.of(ModelList.of(List.of(models))));
  }

  static ModelCandidate naming(ModelCandidate of, String... models) {
    return RecordCopy.with(of, "named", Set.of(models));
  }

  static ModelCandidate allowing(ModelCandidate of, String... patterns) {
    Set<ModelPattern> allowed =
        Arrays.stream(patterns).map(ModelPattern::new).collect(Collectors.toUnmodifiableSet());
    return RecordCopy.with(of, "allowed", Optional.of(allowed));
  }

  static ModelCandidate formerly(ModelCandidate of, String... refs) {
    return RecordCopy.with(
        of,
        "former",
        Arrays.stream(refs).map(Instance.Ref::of).collect(Collectors.toUnmodifiableSet()));
  }

  static ModelCandidate withoutName(ModelCandidate of) {
    return RecordCopy.with(of, "ref", Optional.empty());
  }

  static CatalogueName name(String name, FailureMode onFailure, ModelTarget... targets) {
    return new CatalogueName(WireFormat.OPENAI, name, List.of(targets), onFailure);
  }

  static ModelTarget target(ModelCandidate service, String model) {
    return new ModelTarget(service.id(), new ModelName(model));
  }
}
