package io.claviger.domain.usage;

import java.util.Comparator;

/**
 * The key under which usage is counted: the called model, the answering model if it is another
 * model, and the tier. Callers and providers choose these names, so their number is limited. After
 * {@link #MOST} keys of a service on one day, the usage of all further keys is counted under {@link
 * #OTHER}.
 *
 * @param answered the model that answered, if it is known and is not the called model; otherwise
 *     unknown
 */
public record CountedModel(UsageModel called, UsageModel answered, ServiceTier tier)
    implements Comparable<CountedModel> {
  /** The maximum number of a service's models that are counted separately on one day. */
  public static final int MOST = 200;

  /**
   * The maximum number of separately counted models that one caller can add on one day by being the
   * first to call them. This limit does not apply to the service's owner.
   */
  public static final int MOST_OF_ONE = 40;

  /**
   * The maximum number of separately counted models that the provider's list does not contain. The
   * maximum applies only if the list is known. Because of this maximum, invented names can't use up
   * {@link #MOST}, and real models are still counted separately.
   */
  public static final int MOST_UNLISTED = 100;

  /**
   * The maximum number of lines of usage of one caller on one day at all services of one owner.
   * Further lines name no model. A line is the usage with the same service, project, source of the
   * key, model and prices. Without this limit, a caller with many services of their own could add a
   * line for each of the models of each service and of each project. The lines of each owner are
   * counted separately, so that a caller can't hide the models that they use at a lender's service.
   */
  public static final int MOST_LINES = 10_000;

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

  /** Creates a key for calls that the called model itself answered, in the usual tier. */
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
      throw new IllegalArgumentException("the key must have one part or three parts");
    }
    String tier = key.substring(second + 1);
    CountedModel read =
        new CountedModel(
            model(key.substring(0, first)),
            model(key.substring(first + 1, second)),
            tier.isEmpty() ? ServiceTier.STANDARD : new ServiceTier(tier));
    if (!read.key().equals(key)) {
      throw new IllegalArgumentException("the key is not in its normal form");
    }
    return read;
  }

  private static UsageModel model(String name) {
    return name.isEmpty() ? UsageModel.UNKNOWN : UsageModel.called(name);
  }

  /**
   * Returns the text that is stored for this key: the name of the called model, alone or followed
   * by the answering model and the tier. The answering model and the tier are added if the
   * answering model is known to differ from the called model, or the tier is not the usual tier.
   * Keys sort in the same order as the models.
   */
  public String key() {
    return answered.isKnown() || !unusualTier().isEmpty()
        ? called.name() + SEPARATOR + answered.name() + SEPARATOR + unusualTier()
        : called.name();
  }

  /** Returns the tier's name; empty if the tier is the usual tier or unknown. */
  public String unusualTier() {
    return tier.equals(ServiceTier.STANDARD) ? "" : tier.name();
  }

  /** Whether the called or the answering model is known. */
  public boolean isKnown() {
    return called.isKnown() || answered.isKnown() || !unusualTier().isEmpty();
  }

  @Override
  public int compareTo(CountedModel other) {
    return ORDER.compare(this, other);
  }
}
