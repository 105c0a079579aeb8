package io.claviger.gateway.model;

import java.util.List;
import java.util.Random;

/** JSON as callers might send it, and what becomes of it when some bytes are changed. */
final class RandomJson {
  private static final List<String> NAMES =
      List.of(
          "model",
          "Model",
          "mod\\u0065l",
          "models",
          "fallbacks",
          "model_name",
          "modelId",
          "tools",
          "messages",
          "input",
          "contents",
          "metadata",
          "prompt",
          "variables",
          "a",
          "properties",
          "generateContentRequest",
          "parameters",
          "model\\u0000",
          "model\\u017f",
          "é",
          "");
  private static final List<String> STRINGS =
      List.of(
          "good",
          "better",
          "evil",
          "models/good",
          "g\\u006fod",
          "",
          "\\n\\\"\\/",
          "é€😀",
          "\\ud83d\\ude00",
          "\\ud83d");
  private static final List<String> OTHERS =
      List.of("0", "-1", "1.5e+7", "true", "false", "null", "123456789012345678901234567890");
  private static final List<String> BLANKS = List.of("", "", "", " ", "\n", "\t \r\n");

  private final Random random;

  RandomJson(Random random) {
    this.random = random;
  }

  /** An object, as the body of a call is one. */
  String document() {
    return blank() + object(1 + random.nextInt(5)) + blank();
  }

  /** Returns the text with a few bytes changed, removed or doubled. */
  byte[] mutation(byte[] of) {
    byte[] changed = of.clone();
    for (int i = 0; i <= random.nextInt(3) && changed.length > 0; i++) {
      changed = changedOnce(changed, random.nextInt(changed.length));
    }
    return changed;
  }

  private byte[] changedOnce(byte[] of, int at) {
    int kind = random.nextInt(4);
    if (kind == 0) {
      of[at] = (byte) random.nextInt(256);
      return of;
    }
    if (kind == 1) {
      of[at] = (byte) "\"\\{}[]:,u0-.eE \n".charAt(random.nextInt(16));
      return of;
    }
    int rest = of.length - at;
    byte[] result = new byte[kind == 2 ? of.length - 1 : of.length + 1];
    System.arraycopy(of, 0, result, 0, at);
    if (kind == 2) {
      System.arraycopy(of, at + 1, result, at, rest - 1);
    } else {
      System.arraycopy(of, at, result, at + 1, rest);
      result[at] = of[at];
    }
    return result;
  }

  private String object(int deep) {
    StringBuilder text = new StringBuilder("{").append(blank());
    int members = random.nextInt(5);
    for (int i = 0; i < members; i++) {
      text.append(i == 0 ? "" : ",").append(blank());
      text.append('"').append(any(NAMES)).append('"').append(blank()).append(':');
      text.append(blank()).append(value(deep - 1)).append(blank());
    }
    return text.append('}').toString();
  }

  private String array(int deep) {
    StringBuilder text = new StringBuilder("[").append(blank());
    int elements = random.nextInt(4);
    for (int i = 0; i < elements; i++) {
      text.append(i == 0 ? "" : ",").append(blank()).append(value(deep - 1)).append(blank());
    }
    return text.append(']').toString();
  }

  private String value(int deep) {
    int kind = random.nextInt(deep > 0 ? 6 : 3);
    return switch (kind) {
      case 0, 1 -> "\"" + any(STRINGS) + "\"";
      case 2 -> any(OTHERS);
      case 3 -> array(deep);
      default -> object(deep);
    };
  }

  private String blank() {
    return any(BLANKS);
  }

  private String any(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
