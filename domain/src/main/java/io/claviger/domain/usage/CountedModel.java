package io.claviger.domain.usage;

import java.util.Comparator;

/**
 * The key under which usage is counted: the called model, the model that answered if it is another
 * model, and the tier. Callers and providers choose the names, so the number of keys is bounded:
 * after {@link #MOST} keys of a service on one day, all further keys are counted as {@link #OTHER}.
 *
 * @param answered the model that answered, if it is known and is not the called model; otherwise
 *     unknown
 */
public record CountedModel(UsageModel called, UsageModel answered, ServiceTier tier)
    implements Comparable<CountedModel> {
  /** The greatest number of a service's models that are counted separately in one day. */
  public static final int MOST = 200;

  /**
   * How many of these models one caller may add on a day, by calling these models before anybody
   * else calls them. This limit does not apply to the service's owner.
   */
  public static final int MOST_OF_ONE = 40;

  /**
   * The greatest number of these models that the provider's list does not contain, if the list is
   * known. So names that callers invent can't use up the whole number, and models that exist are
   * still counted separately.
   */
  public static final int MOST_UNLISTED = 100;

  public static final CountedModel UNKNOWN = of(UsageModel.UNKNOWN);
  public static final CountedModel OTHER = of(UsageModel.OTHER);

  /** Separates the parts of a key. No name of a model or tier contains this character. */
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

  /** Creates a called model that itself answered, in the usual tier. */
  public static CountedModel of(UsageModel called) {
    return new CountedModel(called, UsageModel.UNKNOWN, ServiceTier.STANDARD);
  }

  /**
   * Reads a key.
   *
   * @throws IllegalArgumentException when the text is not such a key
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
   * The text under which this key is stored: the name of the called model, alone or followed by the
   * answering model and the tier. These two follow if the answering model is known to be another
   * model, or if the tier is known to be other than the usual tier. The order of keys is the same
   * as the order of the models.
   */
  public String key() {
    return answered.isKnown() || !unusualTier().isEmpty()
        ? called.name() + SEPARATOR + answered.name() + SEPARATOR + unusualTier()
        : called.name();
  }

  /** Returns the name of the tier; empty if it is the usual tier or if the tier is unknown. */
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
