// One node of the package: its name, its messages and its handler.
package axiom.host;

import axiom.AxiomContext;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Iterator;
import java.util.function.Consumer;

/** A node as the generated {@code Service} lists it. */
public abstract sealed class Node<I extends Message, O extends Message> {

    /** {@code public static GreetReply greet(AxiomContext ax, GreetRequest input)}. */
    @FunctionalInterface
    public interface Unary<I extends Message, O extends Message> {
        O handle(AxiomContext ax, I input) throws Exception;
    }

    /**
     * {@code public static void shout(AxiomContext ax, Iterator<Line> inputs, Consumer<Line> emit)}: hasNext waits
     * for the next input, emit waits until the caller keeps up, and returning ends the outputs.
     */
    @FunctionalInterface
    public interface Pipeline<I extends Message, O extends Message> {
        void handle(AxiomContext ax, Iterator<I> inputs, Consumer<O> emit) throws Exception;
    }

    private final String name;
    private final I inputType;
    private final O outputType;

    private Node(String name, I inputType, O outputType) {
        this.name = name;
        this.inputType = inputType;
        this.outputType = outputType;
    }

    /** A node with one input and one output; the messages are named by their default instances. */
    public static <I extends Message, O extends Message> Node<I, O> unary(
            String name, I inputType, O outputType, Unary<I, O> handler) {
        return new UnaryNode<>(name, inputType, outputType, handler);
    }

    /** A node with a stream of inputs and a stream of outputs. */
    public static <I extends Message, O extends Message> Node<I, O> pipeline(
            String name, I inputType, O outputType, Pipeline<I, O> handler) {
        return new PipelineNode<>(name, inputType, outputType, handler);
    }

    final String name() {
        return name;
    }

    final String inputTypeName() {
        return inputType.getDescriptorForType().getFullName();
    }

    final String outputTypeName() {
        return outputType.getDescriptorForType().getFullName();
    }

    /** Reads a serialized input message; the parser is the message's own, so the cast cannot fail. */
    @SuppressWarnings("unchecked")
    final I parse(ByteString input) throws InvalidProtocolBufferException {
        return (I) inputType.getParserForType().parseFrom(input);
    }

    static final class UnaryNode<I extends Message, O extends Message> extends Node<I, O> {
        private final Unary<I, O> handler;

        private UnaryNode(String name, I inputType, O outputType, Unary<I, O> handler) {
            super(name, inputType, outputType);
            this.handler = handler;
        }

        Unary<I, O> handler() {
            return handler;
        }
    }

    static final class PipelineNode<I extends Message, O extends Message> extends Node<I, O> {
        private final Pipeline<I, O> handler;

        private PipelineNode(String name, I inputType, O outputType, Pipeline<I, O> handler) {
            super(name, inputType, outputType);
            this.handler = handler;
        }

        Pipeline<I, O> handler() {
            return handler;
        }
    }
}
