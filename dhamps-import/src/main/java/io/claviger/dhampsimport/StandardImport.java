package io.claviger.dhampsimport;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.dhampsimport.ImportContext.StandardHere;
import io.claviger.dhampsimport.rules.BaseUrl;
import io.claviger.dhampsimport.rules.HandleAllocation;
import io.claviger.dhampsimport.rules.HandleAllocation.Allocation;
import io.claviger.dhampsimport.rules.HandleAllocation.Claim;
import io.claviger.dhampsimport.rules.ImportedKind;
import io.claviger.dhampsimport.rules.ReportReason;
import io.claviger.dhampsimport.rules.SourceContent.OldStandard;
import io.claviger.dhampsimport.rules.SourceKeyPlacement;
import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import io.claviger.domain.audit.AuditAction;
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

/** Imports API standards that do not exist here. Those that exist are kept unchanged. */
final class StandardImport {
  private final ImportContext move;
  private final ApiStandardStore standards;
  private final Map<String, Set<String>> urls = new HashMap<>();

  StandardImport(ImportContext move, ApiStandardStore standards) {
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
      move.tally.countFound(ImportedKind.STANDARD);
      boolean came = move.known(ImportedKind.STANDARD, old.handle()).isPresent();
      Optional<ApiStandard> here = HandleNormalizer.fold(old.handle()).flatMap(standards::hold);
      if (here.isPresent()) {
        keep(old, here.get(), came);
      } else if (came) {
        move.tally.countHere(ImportedKind.STANDARD);
        move.tally.addRemark(
            ImportedKind.STANDARD, old.handle(), ReportReason.ENDED_HERE, "it was imported before");
      } else {
        claiming.add(old);
      }
    }
    List<Claim> claims =
        claiming.stream()
            .map(s -> new Claim(s.handle(), Optional.empty(), s.stamps().createdAt()))
            .toList();
    List<Allocation> verdicts = HandleAllocation.decide(claims, handle -> false);
    for (int i = 0; i < claiming.size(); i++) {
      settle(claiming.get(i), verdicts.get(i));
    }
  }

  private void keep(OldStandard old, ApiStandard here, boolean came) {
    move.tally.countHere(ImportedKind.STANDARD);
    move.standards.put(old.handle(), new StandardHere(here, came));
    if (SourceKeyPlacement.differs(old, here.placement())) {
      move.tally.addRemark(
          ImportedKind.STANDARD,
          old.handle(),
          ReportReason.TRAVELS_OTHERWISE,
          "the existing standard is kept: %s %s"
              .formatted(here.placement().method().wireName(), here.placement().field())
              .strip());
    }
  }

  private void settle(OldStandard old, Allocation verdict) {
    switch (verdict) {
      case Allocation.LeftOut out ->
          move.tally.addLeftOut(ImportedKind.STANDARD, old.handle(), out.reason());
      case Allocation.Gets gets -> {
        gets.how()
            .ifPresent(
                how ->
                    move.tally.addRemark(
                        ImportedKind.STANDARD, old.handle(), how, gets.handle().value()));
        try {
          importOne(old, standard(old, gets.handle()));
        } catch (InvalidValue e) {
          move.tally.addLeftOut(
              ImportedKind.STANDARD, old.handle(), ReportReason.invalid(e.field()), e.allowed());
        }
      }
    }
  }

  private ApiStandard standard(OldStandard old, Handle handle) {
    Set<String> used = urls.getOrDefault(old.handle(), Set.of());
    Optional<WireFormat> known = BaseUrl.formatOf(used);
    WireFormat format = known.orElse(WireFormat.OPENAI);
    List<Operation> operations = known.isPresent() ? format.operations() : lastSegments(used);
    KeyPlacement placement = SourceKeyPlacement.of(old);
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
      move.tally.addRemark(
          ImportedKind.STANDARD,
          old.handle(),
          ReportReason.FORMAT_UNKNOWN,
          "treated as openai, with the operations "
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
        // The URL is invalid. The service that has it is left out, and the report says so.
      }
    }
    return List.copyOf(operations);
  }

  private Description description(OldStandard old) {
    try {
      return new Description(old.description());
    } catch (InvalidValue e) {
      move.tally.addRemark(
          ImportedKind.STANDARD,
          old.handle(),
          ReportReason.INVALID_DESCRIPTION,
          "it was imported without it: " + e.allowed());
      return Description.NONE;
    }
  }

  private void importOne(OldStandard old, ApiStandard standard) {
    standards.insert(standard);
    move.standards.put(old.handle(), new StandardHere(standard, true));
    move.tally.countImported(ImportedKind.STANDARD);
    move.journal.record(
        ImportedKind.STANDARD,
        old.handle(),
        Optional.empty(),
        AuditAction.STANDARD_CREATE,
        AuditTargets.standard(standard.handle()),
        List.of());
  }
}
