package io.claviger.imports.dhamps;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import io.claviger.imports.dhamps.ImportContext.ExistingStandard;
import io.claviger.imports.dhamps.rules.BaseUrl;
import io.claviger.imports.dhamps.rules.SourceContent.OldStandard;
import io.claviger.imports.dhamps.rules.SourceKeyPlacement;
import io.claviger.imports.shared.HandleAllocation;
import io.claviger.imports.shared.HandleAllocation.Allocation;
import io.claviger.imports.shared.HandleAllocation.Claim;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportReason;
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
  private final ImportContext context;
  private final ApiStandardStore standards;
  private final Map<String, Set<String>> urls = new HashMap<>();

  StandardImport(ImportContext context, ApiStandardStore standards) {
    this.context = context;
    this.standards = standards;
  }

  void run() {
    Stream.concat(
            context.content.definitions().stream().map(d -> d.fields()),
            context.content.services().stream().map(s -> s.fields()))
        .forEach(
            f -> urls.computeIfAbsent(f.standard(), s -> new LinkedHashSet<>()).add(f.endpoint()));
    List<OldStandard> claiming = new ArrayList<>();
    for (OldStandard old : context.content.standards()) {
      context.report.countFound(ImportedKind.STANDARD);
      boolean came = context.known(ImportedKind.STANDARD, old.handle()).isPresent();
      Optional<ApiStandard> existing = HandleNormalizer.fold(old.handle()).flatMap(standards::hold);
      if (existing.isPresent()) {
        keep(old, existing.get(), came);
      } else if (came) {
        context.report.countExisting(ImportedKind.STANDARD);
        context.report.addRemark(
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
      resolve(claiming.get(i), verdicts.get(i));
    }
  }

  private void keep(OldStandard old, ApiStandard existing, boolean came) {
    context.report.countExisting(ImportedKind.STANDARD);
    context.standards.put(old.handle(), new ExistingStandard(existing, came));
    if (SourceKeyPlacement.differs(old, existing.placement())) {
      context.report.addRemark(
          ImportedKind.STANDARD,
          old.handle(),
          ReportReason.TRAVELS_OTHERWISE,
          "the existing standard is kept: %s %s"
              .formatted(existing.placement().method().wireName(), existing.placement().field())
              .strip());
    }
  }

  private void resolve(OldStandard old, Allocation verdict) {
    switch (verdict) {
      case Allocation.LeftOut out ->
          context.report.addLeftOut(ImportedKind.STANDARD, old.handle(), out.reason());
      case Allocation.Gets gets -> {
        gets.how()
            .ifPresent(
                how ->
                    context.report.addRemark(
                        ImportedKind.STANDARD, old.handle(), how, gets.handle().value()));
        try {
          importOne(old, standard(old, gets.handle()));
        } catch (InvalidValue e) {
          context.report.addLeftOut(
              ImportedKind.STANDARD, old.handle(), ReportReason.invalid(e.field()), e.allowed());
        }
      }
    }
  }

  private ApiStandard standard(OldStandard old, Handle handle) {
    Set<String> used = urls.getOrDefault(old.handle(), Set.of());
    Optional<WireFormat> known = BaseUrl.formatOf(used);
    WireFormat format = known.orElse(WireFormat.USUAL);
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
            context.madeAt(old.stamps()),
            context.changedAt(old.stamps()));
    if (known.isEmpty()) {
      context.report.addRemark(
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
        // The URL is invalid. The service with this URL is left out, and the report says so.
      }
    }
    return List.copyOf(operations);
  }

  private Description description(OldStandard old) {
    try {
      return new Description(old.description());
    } catch (InvalidValue e) {
      context.report.addRemark(
          ImportedKind.STANDARD,
          old.handle(),
          ReportReason.INVALID_DESCRIPTION,
          "it was imported without it: " + e.allowed());
      return Description.NONE;
    }
  }

  private void importOne(OldStandard old, ApiStandard standard) {
    standards.insert(standard);
    context.standards.put(old.handle(), new ExistingStandard(standard, true));
    context.report.countImported(ImportedKind.STANDARD);
    context.journal.record(
        ImportedKind.STANDARD,
        old.handle(),
        Optional.empty(),
        AuditAction.STANDARD_CREATE,
        AuditTargets.standard(standard.handle()),
        List.of());
  }
}
