package io.claviger.gateway.model;

import io.claviger.domain.formats.UseFields;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What {@link JsonUseScan} has found in a body, and the totals. */
final class AskedUse {
  /** Tokens that a provider may put before each text of which it makes a vector. */
  private static final int BESIDES_VECTOR = 16;

  /** Tokens that a provider may put before each text that it ranks, for an instruction. */
  private static final int BESIDES_RANK = 100;

  /** Texts that are ranked are read in parts of at least so many bytes. */
  private static final int PART_OF_RANKED = 500;

  private final UseFields fields;
  private final OperationKind kind;
  private final Optional<String> inPath;

  Optional<String> model = Optional.empty();
  private Set<UsageModel> others = Set.of();

  /** Whether the provider may choose among several models. */
  boolean choices;

  /** Whether a member of the outermost object refers to something that the body does not hold. */
  boolean refers;

  boolean streams;

  /** Whether the body predicts a part of the answer. */
  boolean predicts;

  /** How many members hold those that state the most output. */
  int parents;

  /** How many members may state the most output. */
  int outputs;

  OptionalLong output = OptionalLong.empty();
  long answers = 1;
  long prompts;

  /** How many elements other than numbers the arrays in the outermost object have. */
  long elements;

  /** The bytes of texts that are to be ranked. */
  long rankedBytes;

  AskedUse(UseFields fields, OperationKind kind, Optional<String> inPath) {
    this.fields = fields;
    this.kind = kind;
    this.inPath = inPath;
    this.streams = fields.streamsUnlessSaid();
  }

  /**
   * The body names a further model, which may be the one of the path again.
   *
   * @param named the name; a name that no model can have means a model without a price
   */
  void addOther(String named) {
    String bare = BodyModel.bare(named);
    boolean again = inPath.isPresent() && BodyModel.bare(inPath.get()).equals(bare);
    if (!again && others.size() <= RequestedUse.MOST_OTHERS) {
      others = others.isEmpty() ? new HashSet<>() : others;
      others.add(UsageModel.called(bare));
    }
  }

  /**
   * What the body asks for in all.
   *
   * @param bytes how many bytes the body has
   * @return empty if readers may understand the body differently, or if it asks for more than is
   *     counted
   */
  Optional<RequestedUse> use(long bytes, RequestedTools tools, RequestContent content) {
    boolean elsewhere = refers || content.refersElsewhere() || tools.areUsed();
    long all = answers * Math.max(1, prompts);
    long rounds = kind == OperationKind.INPUT ? readings(elsewhere) : tools.rounds();
    if (kind == OperationKind.TEXT && elsewhere) {
      // Each prompt may fill the context, and is answered as often.
      all = answers;
      rounds *= Math.max(1, prompts);
    }
    boolean unclear = outputs > 1 || parents > 1 || others.size() > RequestedUse.MOST_OTHERS;
    if (unclear || all > RequestedUse.MOST || rounds > RequestedUse.MOST) {
      return Optional.empty();
    }
    boolean text = kind == OperationKind.TEXT;
    String named = inPath.or(() -> choices ? Optional.empty() : model).orElse("");
    UsageModel called = named.isEmpty() ? UsageModel.UNKNOWN : UsageModel.called(named);
    if (!others.isEmpty()) {
      others.remove(called);
    }
    return Optional.of(
        new RequestedUse(
            called,
            kind,
            readBytes(bytes),
            text ? stated(bytes) : OptionalLong.empty(),
            text ? Optional.of(fields.outputField()) : Optional.empty(),
            (int) all,
            elsewhere,
            (int) rounds,
            tools.areUnbounded() || content.offersTools(),
            streams,
            others));
  }

  /** Predicted text is charged as output if the answer differs from it. */
  private OptionalLong stated(long bytes) {
    return predicts && output.isPresent() ? OptionalLong.of(output.getAsLong() + bytes) : output;
  }

  /** How often the model may be filled with input that is not in the body. */
  private long readings(boolean elsewhere) {
    return elsewhere ? Math.max(1, fields.ranks() ? pairs() : elements) : 1;
  }

  /**
   * The bytes that are read: a ranking reads each text together with everything that is not one of
   * these texts.
   */
  private long readBytes(long bytes) {
    if (kind != OperationKind.INPUT) {
      return bytes;
    }
    return fields.ranks()
        ? rankedBytes + pairs() * (bytes - rankedBytes + BESIDES_RANK)
        : bytes + elements * BESIDES_VECTOR;
  }

  private long pairs() {
    return Math.max(1, elements + rankedBytes / PART_OF_RANKED);
  }
}
