package io.claviger.bootstrap.prices;

import io.claviger.application.prices.port.ImportedModel;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads the list of prices that LiteLLM's users maintain, {@code
 * model_prices_and_context_window.json}: an object with a member for each model. One model after
 * the other is read, and no number becomes a floating-point one on the way.
 */
public final class LiteLlmPrices {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final boolean free;
  private final List<ImportedModel> models = new ArrayList<>();
  private final Set<Key> seen = new HashSet<>();
  private final List<String> leftOut = new ArrayList<>();
  private int otherProviders;
  private int withoutPrice;
  private int leftOutInAll;

  private record Key(Provider provider, ModelName model) {}

  private LiteLlmPrices(boolean free) {
    this.free = free;
  }

  /**
   * Reads a list.
   *
   * @param free whether a price of zero is a price
   * @throws UnreadablePrices when it is not such a list
   */
  public static PriceList read(InputStream in, boolean free) {
    LiteLlmPrices list = new LiteLlmPrices(free);
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      list.read(json);
    } catch (JacksonException e) {
      throw new UnreadablePrices("it is not JSON at " + at(e), e);
    }
    return new PriceList(
        list.models, list.otherProviders, list.withoutPrice, list.leftOut, list.leftOutInAll);
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
        default -> json.skipChildren();
      }
    }
  }

  private void add(LiteLlmModel model) {
    Optional<LiteLlmProvider> provider = model.provider();
    if (provider.isEmpty()) {
      otherProviders++;
      return;
    }
    Optional<ImportedModel> imported = model.imported(provider.get(), free);
    if (model.fault().isPresent()) {
      leaveOut(imported, model.fault().get());
    } else if (imported.isEmpty()) {
      leaveOut(imported, "no model can have that name");
    } else if (!seen.add(new Key(imported.get().provider(), imported.get().model()))) {
      if (!models.contains(imported.get())) {
        leaveOut(imported, "listed before with another price");
      }
    } else {
      withoutPrice += imported.get().terms().isEmpty() ? 1 : 0;
      models.add(imported.get());
    }
  }

  private void leaveOut(Optional<ImportedModel> model, String why) {
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
