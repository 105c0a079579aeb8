package io.claviger.gateway.model;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.model.BodyModel.ValueRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the call's model in a JSON body: the value of the top-level member {@code model}. If the
 * path already names the model, three members of the body may repeat the model's name: {@code
 * model}, {@code requests[].model} and {@code generateContentRequest.model}. A member with another
 * spelling, such as {@code Model}, makes the gateway refuse the body, because some parsers would
 * accept it.
 */
final class JsonNameScan extends JsonPart implements NameScan {
  private static final String MODEL = "model";
  private static final String REQUESTS = "requests";
  private static final String INNER = "generateContentRequest";

  /**
   * The largest number of places where a body may name the model. The gateway keeps each place in
   * memory, although the place can be only a few bytes of the body.
   */
  private static final int MOST_PLACES = 512;

  private final Optional<String> inPath;
  private final Optional<String> usual;
  private final List<ValueRange> places = new ArrayList<>(1);

  private int depth;
  private String outermost = "";
  private boolean inArray;
  private boolean isModel;
  private long from;

  JsonNameScan(Optional<String> inPath, Optional<String> usual) {
    this.inPath = inPath;
    this.usual = usual;
  }

  @Override
  int longest() {
    return LONGEST;
  }

  @Override
  void malformed() {
    throw new CallRefused(CallError.BODY_NOT_READABLE);
  }

  @Override
  public BodyModel named() {
    if (inPath.isEmpty() && places.isEmpty()) {
      return new BodyModel(
          usual.orElseThrow(() -> new CallRefused(CallError.MODEL_REQUIRED)), List.of(), true);
    }
    return new BodyModel(
        NameScan.checked(inPath.orElseGet(() -> places.get(0).text())), List.copyOf(places));
  }

  @Override
  public void opened(boolean array) {
    demandText();
    depth++;
    if (depth == 2) {
      inArray = array;
    }
  }

  @Override
  public void closed() {
    isModel = false;
    depth--;
  }

  @Override
  public void name(ScannedText name) {
    boolean matters = depth == 1 || (inPath.isPresent() && depth <= 3);
    String text = matters && !name.isLonger() ? name.toString() : "";
    if (depth == 1) {
      outermost = text;
    }
    isModel = isPlace() && text.equalsIgnoreCase(MODEL);
    if ((isModel && !text.equals(MODEL)) || name.hasNul()) {
      throw new CallRefused(CallError.BODY_NOT_READABLE);
    }
  }

  private boolean isPlace() {
    return switch (depth) {
      case 1 -> true;
      case 2 -> !inArray && outermost.equals(INNER);
      default -> inArray && outermost.equals(REQUESTS);
    };
  }

  @Override
  public boolean wantsText() {
    from = position();
    return isModel;
  }

  @Override
  public void text(ScannedText text) {
    isModel = false;
    if (text.length() > LONGEST
        || text.isCut()
        || places.size() == (inPath.isPresent() ? MOST_PLACES : 1)) {
      throw new CallRefused(CallError.MODEL_INVALID);
    }
    places.add(new ValueRange(from, position() + 1, text.toString(), true));
  }

  @Override
  public void other() {
    demandText();
  }

  private void demandText() {
    if (isModel) {
      throw new CallRefused(CallError.MODEL_INVALID);
    }
  }
}
