package io.claviger.stub;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An embedding of length one, in all forms that calls can request. Each form is computed only once.
 */
final class EmbeddingVector {
  private final String floats;
  private final String base64;
  private final String signedBytes;
  private final String unsignedBytes;

  EmbeddingVector(int dimensions, int seed) {
    float[] values = direction(dimensions, seed);
    StringJoiner written = new StringJoiner(",", "[", "]");
    // OpenAI encodes embeddings as 32-bit floats in little-endian order.
    ByteBuffer bytes = ByteBuffer.allocate(4 * dimensions).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      written.add(Float.toString(value));
      bytes.putFloat(value);
    }
    floats = written.toString();
    base64 = Base64.getEncoder().encodeToString(bytes.array());
    signedBytes = bytes(dimensions, i -> Math.round(values[i] * 127));
    unsignedBytes = bytes(dimensions, i -> 128 + Math.round(values[i] * 127));
  }

  private static float[] direction(int dimensions, int seed) {
    SplittableRandom random = new SplittableRandom(31L * dimensions + seed);
    double[] raw = random.doubles(dimensions, -1, 1).toArray();
    double squares = 0;
    for (double value : raw) {
      squares += value * value;
    }
    float[] direction = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      direction[i] = (float) (raw[i] / Math.sqrt(squares));
    }
    return direction;
  }

  private static String bytes(int dimensions, IntUnaryOperator value) {
    return IntStream.range(0, dimensions)
        .map(value)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** Returns the embedding as a JSON array of decimal numbers. */
  String floats() {
    return floats;
  }

  /** Returns the embedding as Base64, without quotation marks. */
  String base64() {
    return base64;
  }

  /** Returns the embedding as a JSON array of whole numbers from -127 to 127. */
  String signedBytes() {
    return signedBytes;
  }

  /** Returns the embedding as a JSON array of whole numbers from 1 to 255. */
  String unsignedBytes() {
    return unsignedBytes;
  }
}
