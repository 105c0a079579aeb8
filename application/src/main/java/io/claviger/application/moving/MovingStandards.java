package io.claviger.application.moving;

import io.claviger.application.moving.Move.StandardHere;
import io.claviger.application.shared.Targets;
import io.claviger.application.standards.out.ApiStandards;
import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.moving.BaseUrl;
import io.claviger.domain.moving.Folding;
import io.claviger.domain.moving.HandleContest;
import io.claviger.domain.moving.HandleContest.Claim;
import io.claviger.domain.moving.HandleContest.Verdict;
import io.claviger.domain.moving.Kind;
import io.claviger.domain.moving.OldContent.OldStandard;
import io.claviger.domain.moving.OldPlacement;
import io.claviger.domain.moving.Reason;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Brings API standards that are not here; those that are stay as they are. */
final class MovingStandards {
  private final Move move;
  private final ApiStandards standards;
  private final Map<String, Set<String>> urls = new HashMap<>();

  MovingStandards(Move move, ApiStandards standards) {
    this.move = move;
    this.standards = standards;
  }

  void move() {
    Stream.concat(
            move.content.definitions().stream().map(d -> d.fields()),
            move.content.services().stream().map(s -> s.fields()))
        .forEach(
            f -> urls.computeIfAbsent(f.standard(), s -> new LinkedHashSet<>()).add(f.endpoint()));
    List<OldStandard> claiming = new ArrayList<>();
    for (OldStandard old : move.content.standards()) {
      move.tally.found(Kind.STANDARD);
      boolean came = move.known(Kind.STANDARD, old.handle()).isPresent();
      Optional<ApiStandard> here = Folding.fold(old.handle()).flatMap(standards::hold);
      if (here.isPresent()) {
        stays(old, here.get(), came);
      } else if (came) {
        move.tally.here(Kind.STANDARD);
        move.tally.remark(Kind.STANDARD, old.handle(), Reason.ENDED_HERE, "it came before");
      } else {
        claiming.add(old);
      }
    }
    List<Claim> claims =
        claiming.stream()
            .map(s -> new Claim(s.handle(), Optional.empty(), s.stamps().createdAt()))
            .toList();
    List<Verdict> verdicts = HandleContest.decide(claims, handle -> false);
    for (int i = 0; i < claiming.size(); i++) {
      settle(claiming.get(i), verdicts.get(i));
    }
  }

  private void stays(OldStandard old, ApiStandard here, boolean came) {
    move.tally.here(Kind.STANDARD);
    move.standards.put(old.handle(), new StandardHere(here, came));
    if (OldPlacement.differs(old, here.placement())) {
      move.tally.remark(
          Kind.STANDARD,
          old.handle(),
          Reason.TRAVELS_OTHERWISE,
          "the one here stays: %s %s"
              .formatted(here.placement().method().wireName(), here.placement().field())
              .strip());
    }
  }

  private void settle(OldStandard old, Verdict verdict) {
    switch (verdict) {
      case Verdict.LeftOut out -> move.tally.leftOut(Kind.STANDARD, old.handle(), out.reason());
      case Verdict.Gets gets -> {
        gets.how()
            .ifPresent(
                how -> move.tally.remark(Kind.STANDARD, old.handle(), how, gets.handle().value()));
        try {
          come(old, standard(old, gets.handle()));
        } catch (InvalidValue e) {
          move.tally.leftOut(Kind.STANDARD, old.handle(), Reason.invalid(e.field()), e.allowed());
        }
      }
    }
  }

  private ApiStandard standard(OldStandard old, Handle handle) {
    Set<String> used = urls.getOrDefault(old.handle(), Set.of());
    Optional<WireFormat> known = BaseUrl.formatOf(used);
    WireFormat format = known.orElse(WireFormat.OPENAI);
    List<Operation> operations = known.isPresent() ? format.operations() : lastSegments(used);
    KeyPlacement placement = OldPlacement.of(old);
    ApiStandard standard =
        new ApiStandard(
            handle,
            description(old),
            format,
            placement,
            operations.isEmpty() ? format.operations() : operations,
            format.requestHeaders(),
            format.responseHeaders(),
            format.queryParameters().stream().filter(q -> !q.equals(placement.field())).toList(),
            1,
            move.madeAt(old.stamps()),
            move.changedAt(old.stamps()));
    if (known.isEmpty()) {
      move.tally.remark(
          Kind.STANDARD,
          old.handle(),
          Reason.FORMAT_UNKNOWN,
          "taken for openai, lends "
              + standard.operations().stream()
                  .map(Operation::value)
                  .limit(5)
                  .collect(Collectors.joining(", ")));
    }
    return standard;
  }

  private static List<Operation> lastSegments(Set<String> urls) {
    Set<Operation> operations = new LinkedHashSet<>();
    for (String url : urls) {
      try {
        BaseUrl.withoutLastSegment(url).operation().ifPresent(operations::add);
      } catch (InvalidValue e) {
        // The service itself is left out for it, and says so.
      }
    }
    return List.copyOf(operations);
  }

  private Description description(OldStandard old) {
    try {
      return new Description(old.description());
    } catch (InvalidValue e) {
      move.tally.remark(
          Kind.STANDARD,
          old.handle(),
          Reason.INVALID_DESCRIPTION,
          "it comes without: " + e.allowed());
      return Description.NONE;
    }
  }

  private void come(OldStandard old, ApiStandard standard) {
    standards.insert(standard);
    move.standards.put(old.handle(), new StandardHere(standard, true));
    move.tally.moved(Kind.STANDARD);
    move.journal.came(
        Kind.STANDARD,
        old.handle(),
        Optional.empty(),
        AuditAction.STANDARD_CREATE,
        Targets.standard(standard.handle()),
        List.of());
  }
}
