// The methods of NodeService, as gRPC names them.
package axiom.host;

import axiom.host.wire.NodeProto.DescribeRequest;
import axiom.host.wire.NodeProto.DescribeResponse;
import axiom.host.wire.NodeProto.InvokePipelineRequest;
import axiom.host.wire.NodeProto.InvokePipelineResponse;
import axiom.host.wire.NodeProto.InvokeRequest;
import axiom.host.wire.NodeProto.InvokeResponse;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;

/** Three methods need no generated stub, and so a package's build needs no second protoc plugin. */
final class NodeMethods {
    static final String SERVICE = "axiom.node.v1.NodeService";

    static final MethodDescriptor<DescribeRequest, DescribeResponse> DESCRIBE = method(
            "Describe", MethodType.UNARY, DescribeRequest.getDefaultInstance(), DescribeResponse.getDefaultInstance());

    static final MethodDescriptor<InvokeRequest, InvokeResponse> INVOKE = method(
            "Invoke",
            MethodType.SERVER_STREAMING,
            InvokeRequest.getDefaultInstance(),
            InvokeResponse.getDefaultInstance());

    static final MethodDescriptor<InvokePipelineRequest, InvokePipelineResponse> INVOKE_PIPELINE = method(
            "InvokePipeline",
            MethodType.BIDI_STREAMING,
            InvokePipelineRequest.getDefaultInstance(),
            InvokePipelineResponse.getDefaultInstance());

    private NodeMethods() {}

    private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
            String name, MethodType type, Q request, A answer) {
        return MethodDescriptor.<Q, A>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(answer))
                .build();
    }
}
