package io.claviger.domain.bills;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import java.util.Collection;
import java.util.Optional;

/** The bounds of texts that are read from a provider's bill. */
final class BillText {
  private BillText() {}

  static void demand(Optional<String> text, String field) {
    text.ifPresent(t -> demand(t, field));
  }

  static void demand(Collection<String> texts, String field) {
    texts.forEach(t -> demand(t, field));
  }

  private static void demand(String text, String field) {
    // Names of models, ids of keys and names of bill lines all have to have this form.
    if (!ModelName.isValid(text)) {
      throw new InvalidValue(field, "one line of 1 to 256 characters");
    }
  }

  static void demandNotNegative(long... amounts) {
    for (long amount : amounts) {
      if (amount < 0) {
        throw new InvalidValue("amount", "not negative");
      }
    }
  }
}
