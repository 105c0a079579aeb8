package io.claviger.imports.dhamps.rules;

import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import io.claviger.imports.dhamps.rules.SourceContent.OldStandard;
import io.claviger.imports.shared.Remarked.Remark;
import io.claviger.imports.shared.ReportReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An API standard to import. The URLs that are called with the standard determine its format.
 *
 * @param remarks remarks about parts of the standard that could not be translated
 */
public record StandardTranslation(ApiStandard standard, List<Remark> remarks) {
  public StandardTranslation {
    remarks = List.copyOf(remarks);
  }

  /**
   * @param handle the standard's handle in Claviger
   * @param urls the URLs of definitions and services with this standard
   * @param now the time that the standard gets if the source states no time
   * @throws InvalidValue if a value is invalid in Claviger
   */
  public static StandardTranslation of(
      OldStandard old, Handle handle, Set<String> urls, Instant now) {
    Optional<WireFormat> known = BaseUrl.formatOf(urls);
    WireFormat format = known.orElse(WireFormat.USUAL);
    List<Operation> operations = known.isPresent() ? format.operations() : lastSegments(urls);
    KeyPlacement placement = SourceKeyPlacement.of(old);
    List<Remark> remarks = new ArrayList<>();
    Instant made = old.stamps().createdAt().orElse(now);
    ApiStandard standard =
        new ApiStandard(
            handle,
            description(old, remarks),
            format,
            placement,
            operations.isEmpty() ? format.operations() : operations,
            format.requestHeaders(),
            format.responseHeaders(),
            format.queryParameters().stream().filter(q -> !q.equals(placement.field())).toList(),
            1,
            made,
            old.stamps().updatedAt().orElse(made));
    if (known.isEmpty()) {
      remarks.add(
          new Remark(
              ReportReason.FORMAT_UNKNOWN,
              "treated as openai, with the operations "
                  + standard.operations().stream()
                      .map(Operation::value)
                      .limit(5)
                      .collect(Collectors.joining(", "))));
    }
    return new StandardTranslation(standard, remarks);
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

  private static Description description(OldStandard old, List<Remark> remarks) {
    try {
      return new Description(old.description());
    } catch (InvalidValue e) {
      remarks.add(
          new Remark(
              ReportReason.INVALID_DESCRIPTION, "it was imported without it: " + e.allowed()));
      return Description.NONE;
    }
  }
}
