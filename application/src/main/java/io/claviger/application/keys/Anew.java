package io.claviger.application.keys;

import io.claviger.application.keys.RotateKeys.Unopened;
import io.claviger.application.keys.out.SealedValues;
import io.claviger.application.keys.out.SealedValues.Batch;
import io.claviger.application.keys.out.SealedValues.Position;
import io.claviger.application.keys.out.SealedValues.Replacement;
import io.claviger.application.keys.out.SealedValues.Standing;
import io.claviger.application.keys.out.Sealer;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads values and seals them anew, without writing any. */
record Anew(SealedValues values, Sealer sealer) {
  /** Somebody who changes one of the rows waits that long: some tens of milliseconds. */
  private static final int ROWS = 2_000;

  /**
   * A batch, sealed anew as far as it opens.
   *
   * @param next empty at the end of the table
   */
  record Prepared(
      List<Replacement> replacements, List<Unopened> unopened, Optional<Position> next) {}

  Prepared after(Position position) {
    Batch<Standing> batch = values.notUnder(sealer.sealingKey(), position, ROWS);
    List<Replacement> replacements = new ArrayList<>(batch.found().size());
    List<Unopened> unopened = new ArrayList<>();
    for (Standing standing : batch.found()) {
      anew(standing)
          .ifPresentOrElse(
              value -> replacements.add(new Replacement(standing, value)),
              () -> unopened.add(unopened(standing)));
    }
    return new Prepared(
        replacements, unopened, batch.next().filter(behind -> behind.table() == position.table()));
  }

  private Optional<SealedValue> anew(Standing standing) {
    return standing.binding().flatMap(binding -> anew(standing.value(), binding));
  }

  private Optional<SealedValue> anew(SealedValue value, KeyBinding binding) {
    Optional<Secret> opened = sealer.open(value, binding);
    try {
      return opened.map(secret -> sealer.seal(secret, binding));
    } finally {
      opened.ifPresent(Secret::close);
    }
  }

  private static Unopened unopened(Standing standing) {
    return new Unopened(
        standing.kind(), standing.service(), standing.holder(), standing.value().sealedUnder());
  }
}
