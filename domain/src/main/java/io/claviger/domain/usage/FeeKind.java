package io.claviger.domain.usage;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A kind of use for which providers charge a fee in addition to tokens. */
public enum FeeKind implements WireNamed {
  /** A web search by the provider on behalf of the model. */
  WEB_SEARCH(1),
  /** A search in files that the provider stores. */
  FILE_SEARCH(1),
  /** A session of a container in which the provider runs the model's code. */
  CODE_INTERPRETER(1),
  /** An action of the provider's tool that operates a computer. */
  COMPUTER_USE(1),
  /** A search by which the provider finds sources for an answer. */
  GROUNDING(1),
  /** An image that was made, with its quality and size if they are known. */
  IMAGE(1),
  /** A minute of audio, counted in milliseconds. */
  AUDIO_MINUTE(60_000),
  /** A character of a text that the provider turns into speech. */
  CHARACTER(1),
  /** A page of a document that the provider reads. */
  PAGE(1),
  /** A search that ranks documents. */
  SEARCH(1);

  /** The kinds of fees for tools that run at providers. */
  public static final Set<FeeKind> OF_TOOLS =
      Collections.unmodifiableSet(
          EnumSet.of(WEB_SEARCH, FILE_SEARCH, CODE_INTERPRETER, COMPUTER_USE, GROUNDING, IMAGE));

  private static final Map<String, FeeKind> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(FeeKind::wireName, Function.identity()));

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final int units;

  FeeKind(int units) {
    this.units = units;
  }

  public static Optional<FeeKind> of(String wireName) {
    return Optional.ofNullable(BY_NAME.get(wireName));
  }

  /**
   * Finds the kind with the given name.
   *
   * @throws InvalidValue when there is no such kind
   */
  public static FeeKind named(String wireName) {
    return of(wireName)
        .orElseThrow(
            () ->
                new InvalidValue("what", "one of " + String.join(", ", WireNamed.names(values()))));
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /**
   * The number of counted units in one piece, such as 60,000 milliseconds in a minute of audio. A
   * price is for one piece.
   */
  public int units() {
    return units;
  }
}
