@NullMarked
package io.claviger.gateway.request;

import org.jspecify.annotations.NullMarked;
