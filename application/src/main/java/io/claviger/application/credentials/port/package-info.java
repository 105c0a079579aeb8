/**
 * What credentials need from other modules: tokens that are minted, and statements about services.
 */
@NullMarked
package io.claviger.application.credentials.port;

import org.jspecify.annotations.NullMarked;
