package io.claviger.domain.usage;

import java.util.Comparator;

/**
 * The model under which usage is counted: the one that was called, with the one that answered if
 * that is another, and the tier. Callers and providers choose the names, so they are bounded: what
 * a service has beyond {@link #MOST} of these on a day counts as {@link #OTHER}.
 *
 * @param answered unknown if the called model answered, as far as is known
 */
public record CountedModel(UsageModel called, UsageModel answered, ServiceTier tier)
    implements Comparable<CountedModel> {
  /** How many models of a service are counted separately in one day. */
  public static final int MOST = 200;

  /** How many of them one caller who does not own the service may be the first to name. */
  public static final int MOST_OF_ONE = 40;

  /**
   * The most of these whose called model the provider does not list, if its list is known. So names
   * that callers make up leave places for models that exist.
   */
  public static final int MOST_UNLISTED = 100;

  public static final CountedModel UNKNOWN = of(UsageModel.UNKNOWN);
  public static final CountedModel OTHER = of(UsageModel.OTHER);

  /** Separates the parts of a key. No name of a model or tier contains it. */
  private static final char SEPARATOR = '\u001f';

  private static final Comparator<CountedModel> ORDER =
      Comparator.comparing(CountedModel::called)
          .thenComparing(CountedModel::answered)
          .thenComparing(CountedModel::unusualTier);

  public CountedModel {
    if (answered.equals(called)) {
      answered = UsageModel.UNKNOWN;
    }
  }

  /** A model that answered itself, in the usual tier. */
  public static CountedModel of(UsageModel called) {
    return new CountedModel(called, UsageModel.UNKNOWN, ServiceTier.STANDARD);
  }

  /**
   * Reads a key.
   *
   * @throws IllegalArgumentException when the text is no key
   */
  public static CountedModel ofKey(String key) {
    int first = key.indexOf(SEPARATOR);
    if (first < 0) {
      return of(model(key));
    }
    int second = key.indexOf(SEPARATOR, first + 1);
    if (second < 0) {
      throw new IllegalArgumentException("a key has one part or three");
    }
    String tier = key.substring(second + 1);
    CountedModel read =
        new CountedModel(
            model(key.substring(0, first)),
            model(key.substring(first + 1, second)),
            tier.isEmpty() ? ServiceTier.STANDARD : new ServiceTier(tier));
    if (!read.key().equals(key)) {
      throw new IllegalArgumentException("a key has one spelling");
    }
    return read;
  }

  private static UsageModel model(String name) {
    return name.isEmpty() ? UsageModel.UNKNOWN : UsageModel.called(name);
  }

  /**
   * The text by which this is stored: the name of the called model, and the other two parts if one
   * of them is known to differ. Keys have the order of the models.
   */
  public String key() {
    return answered.isKnown() || !unusualTier().isEmpty()
        ? called.name() + SEPARATOR + answered.name() + SEPARATOR + unusualTier()
        : called.name();
  }

  /** The name of the tier; empty if it is the usual one, or not known. */
  public String unusualTier() {
    return tier.equals(ServiceTier.STANDARD) ? "" : tier.name();
  }

  /** Whether anything is known about the model. */
  public boolean isKnown() {
    return called.isKnown() || answered.isKnown() || !unusualTier().isEmpty();
  }

  @Override
  public int compareTo(CountedModel other) {
    return ORDER.compare(this, other);
  }
}
