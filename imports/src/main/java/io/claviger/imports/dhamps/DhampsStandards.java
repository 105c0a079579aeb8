package io.claviger.imports.dhamps;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.HandleNormalizer;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.imports.dhamps.rules.FieldTranslation.KnownStandard;
import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.dhamps.rules.SourceContent.OldDefinition;
import io.claviger.imports.dhamps.rules.SourceContent.OldService;
import io.claviger.imports.dhamps.rules.SourceContent.OldStandard;
import io.claviger.imports.dhamps.rules.SourceKeyPlacement;
import io.claviger.imports.dhamps.rules.StandardTranslation;
import io.claviger.imports.shared.HandleAllocation.Allocation;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.Incoming;
import io.claviger.imports.shared.IncomingStandard;
import io.claviger.imports.shared.NotImported;
import io.claviger.imports.shared.Remarked;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.TargetStores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Converts dhamps-vdb's API standards.
 *
 * @param source the identity of the dhamps-vdb database
 * @param now the time for standards without a time
 */
record DhampsStandards(TargetStores stores, String source, DhampsHandles handles, Instant now) {
  private static Map<String, Set<String>> urlsByStandard(SourceContent content) {
    Map<String, Set<String>> urls = new HashMap<>();
    Stream.concat(
            content.definitions().stream().map(OldDefinition::fields),
            content.services().stream().map(OldService::fields))
        .forEach(
            f -> urls.computeIfAbsent(f.standard(), s -> new LinkedHashSet<>()).add(f.endpoint()));
    return urls;
  }

  /**
   * Adds the standards. A standard that already exists in Claviger stays unchanged. Returns the
   * Claviger standards that correspond to dhamps-vdb's standards, keyed by the names in dhamps-vdb.
   */
  Map<String, KnownStandard> addTo(
      List<Incoming> incoming, SourceContent content, ReportBuilder report) {
    Map<String, Set<String>> urls = urlsByStandard(content);
    Set<String> imported = stores.importedFrom(source, ImportedKind.STANDARD);
    Map<String, KnownStandard> standards = new HashMap<>();
    List<OldStandard> claiming = new ArrayList<>();
    for (OldStandard old : content.standards()) {
      Optional<ApiStandard> existing =
          HandleNormalizer.fold(old.handle()).flatMap(stores::standard);
      if (existing.isPresent()) {
        standards.put(
            old.handle(), new KnownStandard(existing.get(), imported.contains(old.handle())));
        keep(old, existing.get(), report);
      } else {
        claiming.add(old);
      }
    }
    Map<String, Allocation> allocated =
        handles.allocate(
            claiming, OldStandard::handle, OldStandard::handle, s -> s.stamps().createdAt());
    for (OldStandard old : claiming) {
      Optional<ApiStandard> made =
          standard(
              old,
              Optional.ofNullable(allocated.get(old.handle())).orElseThrow(),
              urls.getOrDefault(old.handle(), Set.of()),
              incoming);
      if (made.isPresent() && !imported.contains(old.handle())) {
        standards.put(old.handle(), new KnownStandard(made.get(), true));
      }
    }
    return standards;
  }

  private static void keep(OldStandard old, ApiStandard existing, ReportBuilder report) {
    report.countFound(ImportedKind.STANDARD);
    report.countExisting(ImportedKind.STANDARD);
    if (SourceKeyPlacement.differs(old, existing.placement())) {
      report.addRemark(
          ImportedKind.STANDARD,
          old.handle(),
          ReportReason.TRAVELS_OTHERWISE,
          "the existing standard is kept: %s %s"
              .formatted(existing.placement().method().wireName(), existing.placement().field())
              .strip());
    }
  }

  private Optional<ApiStandard> standard(
      OldStandard old, Allocation allocation, Set<String> urls, List<Incoming> incoming) {
    if (allocation instanceof Allocation.LeftOut out) {
      incoming.add(new NotImported(ImportedKind.STANDARD, old.handle(), out.reason(), ""));
      return Optional.empty();
    }
    Allocation.Gets gets = (Allocation.Gets) allocation;
    try {
      StandardTranslation made = StandardTranslation.of(old, gets.handle(), urls, now);
      incoming.add(
          new Remarked(
              new IncomingStandard(stores, old.handle(), made.standard()),
              DhampsHandles.withHandle(gets, made.remarks())));
      return Optional.of(made.standard());
    } catch (InvalidValue e) {
      incoming.add(
          new NotImported(
              ImportedKind.STANDARD, old.handle(), ReportReason.invalid(e.field()), e.allowed()));
      return Optional.empty();
    }
  }
}
