/**
 * The data plane: a streaming reverse proxy that puts a provider's API key on calls of people who
 * never see it. Here are its start and end and the course of one call; the steps of that course
 * live in the packages below, which know nothing of each other's sockets.
 */
@NullMarked
package io.claviger.gateway;

import org.jspecify.annotations.NullMarked;
