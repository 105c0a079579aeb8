/** Connections to providers: opened to judged addresses only, pooled, watched for silence. */
@NullMarked
package io.claviger.gateway.provider;

import org.jspecify.annotations.NullMarked;
