package io.claviger.bootstrap.prices;

import io.claviger.application.prices.port.ImportedModel;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.usage.FeeKind;
import io.claviger.imports.litellm.rules.LiteLlmProvider;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads the price list of LiteLLM's community, {@code model_prices_and_context_window.json}: an
 * object with one field per model. Reads one model at a time, and never converts prices to
 * floating-point numbers.
 */
public final class LiteLlmPrices {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final ModelName CONTAINER = new ModelName("container");

  private final boolean free;
  private final Map<String, List<Provider>> defined;
  private final Map<Key, ImportedModel> models = new LinkedHashMap<>();

  /** The models that occur in the list several times with different prices. */
  private final Set<Key> ambiguous = new HashSet<>();

  private final Set<Key> withTools = new HashSet<>();

  /**
   * The cost of a session in which a provider runs code. The list contains this cost as if the cost
   * were a model.
   */
  private final Map<Provider, Fee> containers = new HashMap<>();

  /**
   * The costs of images of one size. The list contains these costs, too, as if they were models.
   */
  private final Map<Key, List<Fee>> images = new LinkedHashMap<>();

  private final List<String> leftOut = new ArrayList<>();
  private int otherProviders;
  private int leftOutInAll;

  private record Key(Provider provider, ModelName model) {}

  private LiteLlmPrices(boolean free, Map<String, List<Provider>> defined) {
    this.free = free;
    this.defined = defined;
  }

  /**
   * Reads a list.
   *
   * @param free whether a price of zero means that the model is free; otherwise, it means that the
   *     price is unknown
   * @param defined the providers that administrators defined, keyed by their names in price lists
   * @throws UnreadablePrices if the text is not such a price list
   */
  public static PriceList read(InputStream in, boolean free, Map<String, List<Provider>> defined) {
    LiteLlmPrices list = new LiteLlmPrices(free, defined);
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      list.read(json);
    } catch (JacksonException e) {
      throw new UnreadablePrices("it is not JSON at " + at(e), e);
    }
    list.addFees();
    List<ImportedModel> models = List.copyOf(list.models.values());
    int withoutPrice =
        Math.toIntExact(models.stream().filter(each -> each.terms().isEmpty()).count());
    return new PriceList(
        models, list.otherProviders, withoutPrice, list.leftOut, list.leftOutInAll);
  }

  private static String at(JacksonException e) {
    return e.getLocation() == null
        ? "an unknown place"
        : "line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private void read(JsonParser json) {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new UnreadablePrices("it is not an object with a member for each model");
    }
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      LiteLlmModel model = new LiteLlmModel(json.currentName());
      if (json.nextToken() == JsonToken.START_OBJECT) {
        fields(json, model);
        add(model);
      } else {
        json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw new UnreadablePrices("something follows the list");
    }
  }

  private static void fields(JsonParser json, LiteLlmModel model) {
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = json.currentName();
      switch (json.nextToken()) {
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> model.readNumber(field, json.getString());
        case VALUE_STRING -> model.readText(field, json.getString());
        case START_OBJECT -> {
          if (field.equals(LiteLlmField.SEARCHES) || field.equals(LiteLlmField.MULTIPLIERS)) {
            members(json, field, model);
          } else {
            json.skipChildren();
            model.readOther(field);
          }
        }
        default -> {
          json.skipChildren();
          model.readOther(field);
        }
      }
    }
  }

  /**
   * Reads a model's field whose value is an object. Each member of the object is read like a field
   * of the model.
   */
  private static void members(JsonParser json, String object, LiteLlmModel model) {
    boolean isEmpty = true;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      isEmpty = false;
      String field = object + "." + json.currentName();
      switch (json.nextToken()) {
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_STRING ->
            model.readNumber(field, json.getString());
        default -> {
          json.skipChildren();
          model.readOther(field);
        }
      }
    }
    if (isEmpty) {
      model.readOther(object);
    }
  }

  private void add(LiteLlmModel model) {
    List<LiteLlmProvider> providers = model.providers(defined);
    if (providers.isEmpty()) {
      otherProviders++;
    }
    providers.forEach(provider -> add(model, provider));
  }

  private void add(LiteLlmModel model, LiteLlmProvider provider) {
    Optional<LiteLlmModel.ImageOfSize> image = model.imageOfSize(provider);
    Optional<ImportedModel> imported = model.imported(provider, free);
    if (model.fault().isPresent()) {
      leaveOut(
          model.called(provider).map(name -> new Key(provider.provider(), name)),
          model.fault().get());
    } else if (image.isPresent()) {
      images
          .computeIfAbsent(
              new Key(provider.provider(), image.get().model()), key -> new ArrayList<>())
          .add(image.get().fee());
    } else if (imported.isEmpty()) {
      leaveOut(Optional.empty(), "no model can have that name");
    } else {
      add(imported.get(), model.hasTools());
    }
  }

  private void add(ImportedModel model, boolean hasTools) {
    if (model.model().equals(CONTAINER)) {
      model.terms().fees().forEach(fee -> containers.putIfAbsent(model.provider(), fee));
      return;
    }
    Key key = new Key(model.provider(), model.model());
    if (ambiguous.contains(key)) {
      return;
    }
    ImportedModel before = models.putIfAbsent(key, model);
    if (before != null && !before.equals(model)) {
      models.remove(key);
      ambiguous.add(key);
      leaveOut(Optional.of(key), "listed again with another price");
    }
    if (hasTools) {
      withTools.add(key);
    }
  }

  /**
   * The list contains some fees as if they were separate models. Adds these fees to the models to
   * which they apply.
   */
  private void addFees() {
    images.forEach(
        (key, fees) -> {
          Rates rates = models.containsKey(key) ? models.get(key).terms().rates() : Rates.NONE;
          // For models whose images are billed by tokens, the list states a price per image, too.
          boolean isBilledByTokens = rates.of(Rate.OUTPUT) > 0 || rates.of(Rate.IMAGE_OUTPUT) > 0;
          if (!isBilledByTokens && !ambiguous.contains(key)) {
            addFees(key, fees);
          }
        });
    for (Key key : withTools) {
      ImportedModel model = models.get(key);
      Fee container = containers.get(key.provider());
      if (model != null
          && container != null
          && !model.terms().rates().isEmpty()
          && model.terms().fees().stream()
              .noneMatch(fee -> fee.piece().what() == FeeKind.CODE_INTERPRETER)) {
        addFees(key, List.of(container));
      }
    }
  }

  private void addFees(Key key, List<Fee> more) {
    ImportedModel before =
        models.getOrDefault(
            key,
            new ImportedModel(key.provider(), key.model(), PriceTerms.NONE, ModelBounds.UNKNOWN));
    List<Fee> fees = new ArrayList<>(before.terms().fees());
    fees.addAll(more);
    try {
      models.put(
          key,
          new ImportedModel(
              key.provider(), key.model(), before.terms().withFees(fees), before.bounds()));
    } catch (InvalidValue e) {
      models.remove(key);
      leaveOut(Optional.of(key), e.field() + ": " + e.allowed());
    }
  }

  private void leaveOut(Optional<Key> model, String why) {
    leftOutInAll++;
    if (leftOut.size() < PriceList.MOST) {
      leftOut.add(
          model
                  .map(m -> m.provider().wireName() + " " + m.model().value())
                  .orElse("a model without a usable name")
              + ": "
              + why);
    }
  }
}
