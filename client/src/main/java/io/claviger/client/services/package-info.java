/** Commands about one service. */
@NullMarked
package io.claviger.client.services;

import org.jspecify.annotations.NullMarked;
