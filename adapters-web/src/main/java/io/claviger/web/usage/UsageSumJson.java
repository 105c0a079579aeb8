package io.claviger.web.usage;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sum of all usage that agrees in some dimensions.
 *
 * @param of what it agrees in; other dimensions are not shown
 */
record UsageSumJson(
    @JsonAnyGetter Map<String, Optional<String>> of, @JsonUnwrapped UsageCountsJson counts) {

  static UsageSumJson of(UsageSum sum) {
    Map<String, Optional<String>> of = new LinkedHashMap<>();
    sum.of()
        .forEach(
            (dimension, value) ->
                of.put(field(dimension), Optional.of(value).filter(text -> !text.isEmpty())));
    return new UsageSumJson(of, UsageCountsJson.of(sum.counts()));
  }

  private static String field(UsageDimension dimension) {
    return dimension == UsageDimension.SOURCE ? "key_source" : dimension.wireName();
  }
}
