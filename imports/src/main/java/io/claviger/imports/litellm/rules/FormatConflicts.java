package io.claviger.imports.litellm.rules;

import io.claviger.domain.definitions.Provider;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldKey;
import io.claviger.imports.litellm.rules.LiteLlmContent.Spoken;
import io.claviger.imports.litellm.rules.ModelTranslation.Place;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds keys whose clients speak another format than the providers of their models. Claviger does
 * not translate, so these clients have to change.
 */
final class FormatConflicts {
  private FormatConflicts() {}

  /**
   * Names a key whose clients speak another format than the providers of its models. Without a
   * record of its calls, clients are taken to speak OpenAI's format, as LiteLLM's own do.
   */
  static void remark(
      OldKey key,
      String name,
      ModelScope scope,
      LiteLlmContent content,
      ModelTranslation.Result models,
      ReportBuilder report) {
    Set<Spoken> spoken = content.spoken().getOrDefault(key.token(), Set.of());
    Set<String> formats =
        spoken.isEmpty()
            ? Set.of(Provider.OPENAI.defaultFormat().wireName())
            : spoken.stream().map(Spoken::format).collect(Collectors.toSet());
    Set<String> conflicts = new TreeSet<>();
    boolean compatible = true;
    for (String alias : scope.aliases().orElseGet(models.places()::keySet)) {
      Set<Place> places = models.places().getOrDefault(alias, Set.of());
      for (String format : formats) {
        boolean called =
            spoken.isEmpty()
                || spoken.contains(new Spoken(format, alias))
                || spoken.contains(new Spoken(format, ""));
        boolean served =
            places.stream().anyMatch(p -> p.provider().format().wireName().equals(format));
        if (called && !served) {
          conflicts.add(
              format
                  + " to "
                  + places.stream()
                      .map(p -> p.provider().provider().wireName())
                      .sorted()
                      .distinct()
                      .collect(Collectors.joining(", ")));
          compatible &=
              format.equals(Provider.OPENAI.defaultFormat().wireName())
                  && places.stream().allMatch(p -> p.provider().compatible().isPresent());
        }
      }
    }
    if (!conflicts.isEmpty()) {
      report.addRemark(
          ImportedKind.TOKEN,
          name,
          ReportReason.OTHER_FORMAT,
          String.join("; ", conflicts)
              + (compatible
                  ? "; --compatible-endpoints takes the endpoints that speak it"
                  : "; no endpoint there speaks it"));
    }
  }
}
