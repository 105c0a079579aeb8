package io.claviger.gateway.model;

/**
 * What one {@link CallReading} finds out about a body: a {@link JsonPart} or a {@link FormPart}.
 */
interface BodyPart {
  void join(CallReading reading);

  interface FormPart extends BodyPart {
    @Override
    default void join(CallReading reading) {
      reading.add(this);
    }

    /**
     * Reads the next part of the body.
     *
     * @throws io.claviger.gateway.errors.CallRefused when what has arrived can't be sent
     */
    void read(byte[] bytes, int from, int to);

    /**
     * The body is complete.
     *
     * @throws io.claviger.gateway.errors.CallRefused when it can't be sent
     */
    void end();
  }
}
